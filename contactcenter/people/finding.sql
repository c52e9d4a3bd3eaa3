-- name: by_address
SELECT i.person_id FROM unnest(:addresses::text[]) AS a (address), unnest(ARRAY['email', 'phone']) AS k (kind),
     unnest(:scope::int[]) AS o (id), identity i
WHERE a.address <> '' AND i.organisation_id = o.id AND i.kind = k.kind AND i.address = a.address
  AND i.organisation_id = ANY(:scope);
