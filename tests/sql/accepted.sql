-- Shapes that analysts write in DuckDB. One statement an entry, ended by a semicolon at a line's end; each is also executed.
-- Tables: sales, customers, "Orders 2024", 销售 (see tests/test_validation.py).

-- totals, averages, counts
SELECT sum(amount) AS total FROM sales;
SELECT count(*) FROM sales;
SELECT count() FROM sales;
SELECT count(DISTINCT customer_id) AS customers, avg(amount)::DECIMAL(12, 2) AS average FROM sales;
SELECT SUM(AMOUNT), Max(Quantity) FROM SALES;
SELECT min(sold_on), max(sold_on), max(sold_on) - min(sold_on) AS days FROM sales;
SELECT sum(amount) FILTER (WHERE region = 'West') / sum(amount) AS west_share FROM sales;
SELECT median(amount), quantile_cont(amount, 0.9), quantile_cont(amount, [0.25, 0.75]), mode(region) FROM sales;
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY amount) FROM sales;
SELECT stddev(amount), var_samp(amount), corr(amount, quantity), regr_slope(amount, quantity) FROM sales;
SELECT arg_max(product, amount) AS best, max_by(product, amount), first(product ORDER BY amount DESC) FROM sales;
SELECT approx_count_distinct(product), any_value(region), bool_or(amount > 10), string_agg(DISTINCT region, ', ' ORDER BY region) FROM sales;

-- groups
SELECT region, sum(amount) AS total FROM sales GROUP BY region ORDER BY total DESC LIMIT 5;
SELECT region, sum(amount) AS total FROM sales GROUP BY 1 ORDER BY 2 DESC;
SELECT region, product, sum(amount) FROM sales GROUP BY ALL ORDER BY ALL;
SELECT upper(region) AS area, count(*) FROM sales GROUP BY area HAVING count(*) > 1;
SELECT region, sum(amount) AS total FROM sales GROUP BY region HAVING total > 10;
SELECT region, product, sum(amount), grouping(region) FROM sales GROUP BY ROLLUP (region, product);
SELECT region, product, sum(amount) FROM sales GROUP BY GROUPING SETS ((region), (product), ());
SELECT region, product, count(*) FROM sales GROUP BY CUBE (region, product);
SELECT CASE WHEN amount >= 100 THEN 'large' WHEN amount >= 10 THEN 'medium' ELSE 'small' END AS size, count(*) AS n FROM sales GROUP BY size;
SELECT amount * quantity AS value, value * 2 AS twice FROM sales WHERE value > 20 ORDER BY twice;
SELECT DISTINCT region FROM sales ORDER BY region NULLS LAST;
SELECT DISTINCT ON (region) region, product, amount FROM sales ORDER BY region, amount DESC;
SELECT floor(amount / 10) * 10 AS bin, count(*) FROM sales GROUP BY bin ORDER BY bin;
SELECT histogram(region) FROM sales;

-- dates
SELECT date_trunc('month', sold_on) AS month, sum(amount) FROM sales GROUP BY month ORDER BY month;
SELECT year(sold_on) AS y, quarter(sold_on) AS q, sum(amount) FROM sales GROUP BY y, q ORDER BY y, q;
SELECT extract(year FROM sold_on) AS y, date_part('dow', sold_on), dayname(sold_on), monthname(sold_on) FROM sales;
SELECT strftime(sold_on, '%Y-%m') AS ym, count(*) FROM sales GROUP BY ym;
SELECT * FROM sales WHERE sold_on BETWEEN DATE '2024-01-01' AND DATE '2024-03-31';
SELECT * FROM sales WHERE sold_on >= (SELECT max(sold_on) FROM sales) - INTERVAL 30 DAY;
SELECT * FROM sales WHERE sold_on >= current_date - INTERVAL '3 months' AND sold_on < today();
SELECT date_diff('day', min(sold_on), max(sold_on)), last_day(max(sold_on)), make_date(2024, 1, 5) FROM sales;
SELECT time_bucket(INTERVAL '1 week', sold_on) AS week, sum(amount) FROM sales GROUP BY week;
SELECT try_strptime('2024-01-05', '%Y-%m-%d'), TRY_CAST(product AS INTEGER), sold_on::TIMESTAMP FROM sales LIMIT 1;
SELECT m.month, coalesce(sum(s.amount), 0) AS total FROM generate_series(DATE '2024-01-01', DATE '2024-12-01', INTERVAL 1 MONTH) AS m(month) LEFT JOIN sales s ON date_trunc('month', s.sold_on) = m.month GROUP BY m.month ORDER BY 1;
SELECT isodow(sold_on) AS weekday, avg(amount) FROM sales GROUP BY weekday;
SELECT datediff('month', DATE '2024-01-01', sold_on) AS months, age(sold_on, DATE '2023-12-25') FROM sales;

-- text
SELECT * FROM sales WHERE product ILIKE '%apple%' OR product LIKE 'B%' ESCAPE '!';
SELECT * FROM sales WHERE contains(lower(product), 'a') AND NOT starts_with(product, 'z');
SELECT split_part(email, '@', 2) AS domain, count(*) FROM customers GROUP BY domain;
SELECT regexp_extract(email, '@(.*)$', 1), regexp_replace(email, '\d', '#', 'g'), regexp_matches(email, '^[a-z]') FROM customers;
SELECT name || ' <' || email || '>' AS contact, length(name), substring(name, 1, 3), name[1:2], left(name, 1), replace(name, 'a', 'b'), trim(name) FROM customers;
SELECT concat_ws(' / ', region, product), format('{} sold', quantity), printf('%d', quantity), lpad(region, 10, '.') FROM sales;
SELECT string_split(email, '@')[2] FROM customers WHERE email SIMILAR TO '[a-z.]+@.*' AND name GLOB 'A*' AND name ~ 'n';
SELECT * FROM sales WHERE region IN ('West', 'East') AND product NOT IN (SELECT product FROM sales WHERE amount < 0);
SELECT * FROM customers WHERE levenshtein(name, 'Ann') < 2 OR jaro_winkler_similarity(name, 'Anna') > 0.9;
SELECT reverse(name), initial FROM (SELECT name, name[1] AS initial FROM customers);

-- joins
SELECT c.name, sum(s.amount) AS total FROM sales AS s JOIN customers AS c ON s.customer_id = c.id GROUP BY c.name ORDER BY total DESC;
SELECT name, count(sales.id) FROM customers LEFT JOIN sales ON sales.customer_id = customers.id GROUP BY name;
SELECT * FROM sales JOIN "Orders 2024" USING (id);
SELECT c.name FROM customers c WHERE NOT EXISTS (SELECT 1 FROM sales s WHERE s.customer_id = c.id);
SELECT name FROM customers c SEMI JOIN sales s ON s.customer_id = c.id;
SELECT name FROM customers c ANTI JOIN sales s ON s.customer_id = c.id;
SELECT s.id, o.id FROM sales s ASOF JOIN "Orders 2024" o ON s.sold_on >= o."Order Date";
SELECT a.region, b.region FROM (SELECT DISTINCT region FROM sales) a CROSS JOIN (SELECT DISTINCT region FROM sales) b;
SELECT a.id, b.id FROM sales a, sales b WHERE a.product = b.product AND a.id < b.id;
SELECT c.name, last.amount FROM customers c, LATERAL (SELECT s.amount FROM sales s WHERE s.customer_id = c.id ORDER BY s.sold_on DESC LIMIT 1) AS last;
SELECT s.* EXCLUDE (id), c.name FROM sales s FULL OUTER JOIN customers c ON c.id = s.customer_id;
SELECT * FROM sales NATURAL JOIN "Orders 2024";
SELECT * FROM customers POSITIONAL JOIN "Orders 2024";
SELECT main.sales.amount FROM main.sales;

-- names
SELECT "Customer Name", sum("Order Total") FROM "Orders 2024" GROUP BY "Customer Name";
SELECT 地区, sum(金额) AS 合计 FROM 销售 GROUP BY 地区 ORDER BY 合计 DESC;
SELECT "地区", "金额" FROM "销售" AS 表 WHERE 表.金额 > 100;
SELECT o."customer name" FROM "orders 2024" o;
SELECT Region AS "Region of sale" FROM sales ORDER BY "Region of sale";
SELECT count(*) AS select_count, 'it''s; fine -- really' AS note FROM sales WHERE product <> 'DROP TABLE sales';

-- windows
SELECT product, amount, rank() OVER (ORDER BY amount DESC) AS place FROM sales;
SELECT * FROM sales QUALIFY row_number() OVER (PARTITION BY region ORDER BY amount DESC) <= 2;
SELECT region, product, amount, row_number() OVER w AS n FROM sales WINDOW w AS (PARTITION BY region ORDER BY amount) QUALIFY n = 1;
SELECT sold_on, sum(amount) OVER (ORDER BY sold_on ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS moving FROM sales;
SELECT sold_on, amount - lag(amount) OVER (ORDER BY sold_on) AS change, sum(amount) OVER () AS total FROM sales;
SELECT month, total, total / lag(total) OVER (ORDER BY month) - 1 AS growth FROM (SELECT date_trunc('month', sold_on) AS month, sum(amount) AS total FROM sales GROUP BY 1);
SELECT region, sum(amount) / sum(sum(amount)) OVER () AS share FROM sales GROUP BY region;
SELECT ntile(4) OVER (ORDER BY amount), percent_rank() OVER (ORDER BY amount), first_value(product IGNORE NULLS) OVER (ORDER BY id) FROM sales;
SELECT avg(amount) OVER (ORDER BY sold_on RANGE BETWEEN INTERVAL 7 DAYS PRECEDING AND CURRENT ROW) FROM sales;

-- subqueries, CTEs, set operations
SELECT avg(total) FROM (SELECT region, sum(amount) AS total FROM sales GROUP BY region) AS per_region;
WITH totals AS (SELECT region, sum(amount) AS total FROM sales GROUP BY region) SELECT region FROM totals WHERE total > (SELECT avg(total) FROM totals);
WITH a AS (SELECT * FROM sales), b AS (SELECT a.*, quantity * 2 AS twice FROM a) SELECT twice, region FROM b;
WITH totals(area, total) AS MATERIALIZED (SELECT region, sum(amount) FROM sales GROUP BY 1) SELECT area, total FROM totals;
WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 12) SELECT i FROM n;
WITH sales AS (SELECT * FROM sales WHERE amount > 0) SELECT count(*) FROM sales;
SELECT region FROM sales UNION SELECT 地区 FROM 销售 ORDER BY region;
SELECT id, region FROM sales UNION ALL BY NAME SELECT id, name FROM customers;
(SELECT product FROM sales ORDER BY amount DESC LIMIT 2) UNION ALL (SELECT product FROM sales ORDER BY amount LIMIT 2);
SELECT customer_id FROM sales EXCEPT SELECT id FROM customers;
SELECT customer_id FROM sales INTERSECT SELECT id FROM customers;
SELECT region, (SELECT max(amount) FROM sales i WHERE i.region = o.region) AS top FROM sales o;
SELECT * FROM sales WHERE amount > ALL (SELECT amount FROM sales WHERE region = 'East');
SELECT * FROM sales WHERE (region, product) IN (SELECT region, product FROM sales GROUP BY ALL HAVING count(*) > 1);
SELECT total FROM (SELECT sum(amount) total FROM sales) t(total);
SELECT "count_star()" FROM (SELECT count(*) FROM sales);

-- DuckDB's own
FROM sales;
FROM sales SELECT region, amount WHERE amount > 10;
SELECT * EXCLUDE (id, customer_id) REPLACE (round(amount) AS amount) FROM sales;
SELECT * RENAME (amount AS value) FROM sales;
SELECT COLUMNS('amount|quantity') FROM sales;
SELECT max(COLUMNS(* EXCLUDE (id))) FROM sales;
SELECT COLUMNS(lambda c: c LIKE 'p%') FROM sales;
SELECT total: sum(amount), region FROM sales GROUP BY region;
SELECT list(product ORDER BY amount) AS products, len(list(DISTINCT region)) FROM sales;
SELECT unnest(tags) AS tag, count(*) FROM customers GROUP BY tag;
SELECT c.name, t.tag FROM customers c, unnest(c.tags) AS t(tag);
SELECT list_transform(tags, lambda x: upper(x)), list_filter(tags, lambda x: length(x) > 1), [x || '!' FOR x IN tags IF x <> 'a'] FROM customers;
SELECT list_contains(tags, 'vip'), array_length(tags), tags[1], list_sort(tags), list_aggregate(tags, 'count') FROM customers;
SELECT address.city, address['zip'], customers.address.city FROM customers;
SELECT {'region': region, 'total': sum(amount)} AS entry, struct_pack(a := max(amount)) AS packed FROM sales GROUP BY region;
SELECT map {'a': 1}['a'], map_keys(map(['x'], [2])), [1, 2, 3][2:3];
SELECT * FROM sales USING SAMPLE 2 ROWS;
SELECT * FROM sales TABLESAMPLE reservoir(2);
SELECT * FROM sales LIMIT 10% OFFSET 1;
SELECT i, i * i FROM range(10) AS r(i);
SELECT unnest(generate_series(1, 3)) AS n;
SELECT col0, col1 FROM (VALUES (1, 'a'), (2, 'b'));
SELECT label FROM (VALUES (1, 'a')) AS v(number, label);
SELECT amount // 3, amount % 3, amount ** 2, 10_000, -amount, 1e3, 0.5, amount IS DISTINCT FROM 3 FROM sales;
SELECT if(amount > 10, 'high', 'low'), ifnull(region, '-'), nullif(quantity, 0), greatest(amount, quantity), coalesce(region, 'none') FROM sales;
SELECT round(100.0 * count(*) FILTER (amount > 10) / count(*), 1) AS percent FROM sales;
SELECT note->>'$.kind', json_extract_string(note, '$.kind'), note->'kind' FROM customers;
SELECT sales FROM sales LIMIT 1;
SELECT rowid, amount FROM sales;
SELECT product.upper().left(3) FROM sales;
SELECT amount /* with tax */ FROM sales -- all of it
;
SELECT 1 + 1 AS two;
SELECT alias FROM (SELECT region AS alias FROM sales) AS x GROUP BY alias;
SELECT sold_on AT TIME ZONE 'UTC' FROM sales;
SELECT sum(amount) AS "sum(amount)" FROM sales ORDER BY "sum(amount)";
SELECT #1 FROM sales;
SELECT region FROM sales WHERE region GLOB 'W*';
SELECT region FROM sales WHERE region GLOB ('W*');
