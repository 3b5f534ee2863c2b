-- By how many minutes a flight that has just left {{hub}} will arrive late.
-- The label is the first column. `day` only splits the rows and is not a feature: flights of one day share its weather,
-- so whole days fall into the training, validation or test set, and stay there as new months arrive.
WITH departures AS (
  SELECT
    departed,
    destination,
    distance,
    delay,
    count(*) OVER (PARTITION BY date_trunc('hour', departed)) AS traffic,
    -- Only flights that left two to six hours before: by then most of them have landed, and their delay is known.
    avg(delay) OVER (
      ORDER BY departed
      RANGE BETWEEN INTERVAL '6 hours' PRECEDING AND INTERVAL '2 hours' PRECEDING
    ) AS recent_delay
  FROM flights
  WHERE origin = {{hub}}
    AND departed >= {{from}}
    AND departed < {{until}}
)
SELECT
  d.delay,
  extract(hour FROM d.departed)::int AS departure_hour,
  extract(isodow FROM d.departed)::int AS weekday,
  d.distance,
  a.latitude,
  a.longitude,
  d.traffic,
  round(d.recent_delay, 3) AS recent_delay,
  d.departed::date AS day
FROM departures AS d
JOIN airports AS a ON a.iata = d.destination
