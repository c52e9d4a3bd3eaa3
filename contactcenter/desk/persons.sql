-- name: known
-- The person of the first of these addresses that is known in the organisation.
SELECT i.person_id FROM unnest(:kinds::text[], :addresses::text[]) WITH ORDINALITY AS a (kind, address, n)
JOIN identity i ON i.organisation_id = :organisation_id AND i.kind = a.kind AND i.address = a.address
WHERE i.organisation_id = ANY(:scope) ORDER BY a.n LIMIT 1;

-- name: name
-- A person known before keeps the name known before, unless it is corrected.
-- system: the caller was authorised for the organisation
INSERT INTO person AS p (id, organisation_id, name, language) VALUES (:person, :organisation_id, :name, :language)
ON CONFLICT (id) DO UPDATE SET name = excluded.name WHERE (p.name = '' OR :corrected::boolean) AND excluded.name <> '';

-- name: call
-- The name given for this contact, whoever else the number or address is known to be.
-- system: the caller owns the contact
UPDATE contact SET called = :name WHERE id = :contact AND :name <> '';

-- name: hold_addresses
-- So that nothing that arrives meanwhile finds the person by one of them.
-- system: the caller owns the contact
SELECT FROM identity WHERE person_id = :person FOR UPDATE;

-- name: is_of_one_case
-- Whether nobody knows the person but by this case.
-- system: the caller owns the contact
SELECT NOT EXISTS (SELECT FROM contact WHERE person_id = :person AND case_id IS DISTINCT FROM :case);

-- name: drop_addresses
-- What was told in place of these, of the same kinds.
-- system: the caller owns the contact
DELETE FROM identity WHERE person_id = :person AND kind = ANY(:kinds::text[]) AND address <> ALL(:addresses::text[]);

-- name: move
-- system: the caller owns the contact
WITH of_case AS (
    UPDATE cases SET person_id = :person WHERE id = :case
)
UPDATE contact SET person_id = :person WHERE case_id = :case;

-- name: forget
-- The row stays, empty: nothing leads to it any more.
-- system: the caller owns the contact, and the person has no other
WITH addresses AS (
    DELETE FROM identity WHERE person_id = :person
)
UPDATE person SET name = '' WHERE id = :person;
