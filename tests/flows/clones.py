"""More agents than the demo city has."""

# As many agents as it takes, each like Aino.
CLONE = """
WITH aino AS (SELECT * FROM users WHERE email = 'aino@mikkeli.example'), made AS (
    INSERT INTO users (organisation_id, email, name, role, language, capacity, password_hash)
    SELECT organisation_id, 'agent' || n || '@mikkeli.example', 'Agent ' || n, role, language, 3,
           password_hash
    FROM aino, generate_series(1, $1::int) AS n RETURNING id, organisation_id
), seen AS (
    INSERT INTO user_organisation (user_id, organisation_id) SELECT id, organisation_id FROM made
)
INSERT INTO skill (user_id, organisation_id, task, language, level)
SELECT made.id, s.organisation_id, s.task, s.language, s.level
FROM made, skill s JOIN aino ON aino.id = s.user_id WHERE s.organisation_id = made.organisation_id
"""
