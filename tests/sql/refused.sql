-- Statements that must not run. "-- expect:" names the error of the first wall (analyst/validation.py) for the entries that follow,
-- "-- worker:" says what becomes of them when they are sent straight to the child process: it stops them, or it runs them, because
-- they reach nothing but the loaded tables.

-- writing
-- expect: UnsafeSQL
-- worker: stops
INSERT INTO sales (id) VALUES (9);
UPDATE sales SET amount = 0;
DELETE FROM sales;
TRUNCATE sales;
MERGE INTO sales USING customers ON sales.id = customers.id WHEN MATCHED THEN DELETE;
CREATE TABLE stolen AS SELECT * FROM sales;
CREATE OR REPLACE TABLE sales AS SELECT 1;
CREATE TEMP TABLE copy AS SELECT * FROM sales;
CREATE VIEW v AS SELECT * FROM sales;
CREATE MACRO f(x) AS x + 1;
CREATE SEQUENCE s;
CREATE TYPE mood AS ENUM ('glad');
CREATE SCHEMA other;
CREATE SECRET key (TYPE s3, KEY_ID 'a', SECRET 'b');
DROP TABLE sales;
ALTER TABLE sales ADD COLUMN x INTEGER;
COMMENT ON TABLE sales IS 'mine';
WITH gone AS (DELETE FROM sales RETURNING *) SELECT * FROM gone;
WITH new AS (INSERT INTO sales (id) VALUES (7) RETURNING *) SELECT * FROM new;
WITH changed AS (UPDATE sales SET amount = 1 RETURNING *) SELECT * FROM changed;
SELECT * FROM (WITH gone AS (DELETE FROM sales RETURNING *) SELECT * FROM gone);
WITH fine AS (SELECT 1 AS a) INSERT INTO sales (id) SELECT a FROM fine;
-- expect: SQLSyntaxError
SELECT * FROM (INSERT INTO sales (id) VALUES (1) RETURNING *);
SELECT * FROM (DELETE FROM sales RETURNING *);
-- expect: UnsafeSQL
SELECT 1 INTO stolen;
SELECT * INTO stolen FROM sales;

-- several statements
SELECT 1; DROP TABLE sales;
SELECT 1; SELECT 2;
DROP TABLE sales; SELECT 1;
SELECT * FROM sales; /* done */ DELETE FROM sales;
;SELECT 1; SELECT 2;
SELECT 1 /* ; */; INSERT INTO sales (id) VALUES (1);

-- other statements
SET memory_limit = '100GB';
SET threads = 64;
SET VARIABLE a = 1;
RESET ALL;
PRAGMA database_list;
PRAGMA enable_verification;
CALL duckdb_settings();
COPY sales TO '/tmp/stolen.csv';
COPY (SELECT * FROM sales) TO 'stolen.parquet';
COPY sales FROM '/etc/passwd';
EXPORT DATABASE '/tmp/stolen';
IMPORT DATABASE '/tmp/other';
ATTACH '/tmp/other.duckdb' AS other;
ATTACH ':memory:' AS other;
DETACH other;
USE memory;
INSTALL httpfs;
LOAD httpfs;
CHECKPOINT;
VACUUM;
ANALYZE;
BEGIN;
COMMIT;
ROLLBACK;
PREPARE p AS SELECT 1;
EXECUTE p;
DEALLOCATE p;
EXPLAIN SELECT * FROM sales;
EXPLAIN ANALYZE SELECT * FROM sales;
SHOW TABLES;
SHOW ALL TABLES;
DESCRIBE sales;
SUMMARIZE sales;
PIVOT sales ON region USING sum(amount);
-- worker: runs
UNPIVOT sales ON amount, quantity INTO NAME n VALUE v;
SELECT * FROM sales PIVOT (sum(amount) FOR region IN ('West', 'East'));
VALUES (1);
-- worker: stops
SELECT * FROM (DESCRIBE sales);
SELECT * FROM (SUMMARIZE sales);
SELECT * FROM (PIVOT sales ON region USING sum(amount));
-- expect: UnknownName
SELECT * FROM (SHOW TABLES);
-- expect: SQLSyntaxError
SELECT * FROM (EXPLAIN SELECT 1);
SELECT * FROM (CALL duckdb_settings());

-- files and the net
-- expect: UnknownName
SELECT * FROM '/etc/passwd';
SELECT * FROM 'secrets.csv';
SELECT * FROM "secrets.csv";
SELECT * FROM 's3://bucket/file.parquet';
SELECT * FROM 'https://localhost/file.csv';
SELECT * FROM sales, 'secrets.parquet';
-- expect: UnsafeSQL
SELECT * FROM read_csv('/etc/passwd');
SELECT * FROM read_csv_auto('/etc/passwd');
SELECT * FROM "read_csv"('/etc/passwd');
SELECT * FROM READ_CSV /* hidden */ ('/etc/passwd');
SELECT * FROM main.read_csv('/etc/passwd');
SELECT * FROM system.main.read_text('/etc/passwd');
SELECT content FROM read_text('/etc/passwd');
SELECT * FROM read_blob('/etc/passwd');
SELECT * FROM read_json('/etc/passwd');
SELECT * FROM read_json_objects('/etc/passwd');
SELECT * FROM read_ndjson('/etc/passwd');
SELECT * FROM read_parquet('/tmp/*.parquet');
SELECT * FROM parquet_metadata('/tmp/a.parquet');
SELECT * FROM parquet_scan('/tmp/a.parquet');
SELECT * FROM read_duckdb('/tmp/other.duckdb');
SELECT * FROM sniff_csv('/etc/passwd');
SELECT * FROM glob('/etc/*');
SELECT glob('/*');
SELECT GLOB ('/*');
SELECT ('/*').glob();
SELECT main.glob('/*');
SELECT region FROM sales WHERE region IN glob('/*');
SELECT region FROM sales WHERE NOT glob('/*');
SELECT list_transform(['/*'], lambda x: glob(x));
SELECT [x.glob() for x in ['/*']];
SELECT count(*) FROM sales WHERE EXISTS (SELECT 1 FROM read_csv('/etc/passwd'));
SELECT (SELECT string_agg(content) FROM read_text('/etc/passwd')) AS content;
WITH a AS (FROM read_csv('/etc/passwd')) SELECT * FROM a;
SELECT * FROM sales JOIN LATERAL (SELECT * FROM read_csv(region)) ON true;
SELECT * FROM sales AS read_csv(a), read_csv('/etc/passwd');
SELECT getenv('HOME');

-- the database about itself
-- expect: UnknownName
SELECT * FROM sqlite_master;
WITH sqlite_master AS (SELECT * FROM sqlite_master) SELECT * FROM sqlite_master;
SELECT * FROM information_schema.tables;
SELECT * FROM pg_catalog.pg_class;
SELECT * FROM pg_tables;
SELECT * FROM system.main.sqlite_master;
SELECT * FROM duckdb_settings;
SELECT * FROM duckdb_tables;
WITH RECURSIVE sqlite_schema AS (SELECT 1 UNION ALL SELECT 2) SELECT * FROM sqlite_master;
WITH a AS (WITH sales_2 AS (SELECT 1) SELECT * FROM pg_settings) SELECT * FROM a;
SELECT * FROM temp.sales;
SELECT * FROM other.main.sales;
-- expect: UnsafeSQL
SELECT * FROM duckdb_settings();
SELECT * FROM duckdb_secrets();
SELECT * FROM duckdb_tables();
SELECT * FROM duckdb_databases();
SELECT * FROM pragma_table_info('sales');
SELECT * FROM pragma_storage_info('sales');
SELECT * FROM pragma_database_size();
SELECT * FROM which_secret('s3://a', 's3');
SELECT current_setting('secret_directory');
SELECT ('secret_directory').current_setting();
SELECT "current_setting"('secret_directory');
SELECT current_query();
SELECT current_database(), current_schema();
SELECT version();
SELECT stats(amount) FROM sales;
SELECT pg_typeof(amount) FROM sales;
SELECT getvariable('a');
SELECT txid_current();
SELECT nextval('s');
SELECT has_table_privilege('sales', 'select');
-- worker: runs
SELECT current_user;
SELECT session_user;
SELECT current_catalog;

-- text as code
-- worker: stops
SELECT * FROM query('DROP TABLE sales');
SELECT * FROM query_table('sales');
SELECT * FROM json_execute_serialized_sql('{}');
SELECT json_serialize_plan('SELECT 1');
SELECT * FROM histogram_values(sales, amount);
SELECT * FROM summary(sales);
-- worker: runs
SELECT json_serialize_sql('SELECT 1');
-- worker: stops
SELECT $1;
SELECT ?;
SELECT * FROM sales WHERE id = $id;

-- waiting, noise, effects
SELECT sleep_ms(60000);
SELECT pg_sleep(60);
SELECT setseed(0.5);
SELECT write_log('hello');
SELECT * FROM checkpoint();
SELECT error('stop');
SELECT * FROM repeat('x', 10);
SELECT * FROM test_all_types();

-- too much of it
SELECT repeat('x', 3000000000);
SELECT length(repeat('x', 3000000000));
SELECT lpad('x', 2000000000, 'y');
SELECT len(range(3000000000));
-- worker: runs
SELECT repeat('x', 20000);
SELECT count(*) FROM range(2000000);
SELECT ((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((1))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))));

-- functions of other databases, and invented ones
-- worker: stops
SELECT to_char(sold_on, 'YYYY') FROM sales;
SELECT getdate();
SELECT isnull_or(amount, 0) FROM sales;
SELECT load_extension('x');
SELECT sys_exec('rm');
SELECT xp_cmdshell('dir');

-- no SQL
-- expect: SQLSyntaxError
SELECT;
SELECT FROM WHERE;
SELECT sum(amount FROM sales;
SELECT 'unfinished FROM sales;
SELECT "unfinished FROM sales;
SELECT amount FROM sales WHERE;
SELECT ->;
SELECT amount FROM values sales;
SELECT amount FROM sales GROUP region;
SELECT /* unfinished FROM sales;
Here is the query you asked for;
```sql SELECT 1```;
SELEC amount FROM sales;
很抱歉,我无法回答;

-- names that do not exist
-- expect: UnknownName
SELECT amout FROM sales;
SELECT sales.amout FROM sales;
SELECT s.region FROM sales AS s JOIN customers AS c ON s.customer_id = c.customer_id;
SELECT amount FROM sale;
SELECT o.amount FROM sales s;
SELECT c.amount FROM sales s JOIN customers c ON c.id = s.customer_id;
SELECT sum(amount) FROM sales WHERE regoin = 'West';
SELECT region FROM sales GROUP BY regin;
SELECT region, sum(amount) FROM sales GROUP BY region ORDER BY ammount;
SELECT region, sum(amount) FROM sales GROUP BY region HAVING sum(ammount) > 1;
SELECT name FROM sales;
SELECT total FROM (SELECT sum(amount) AS totl FROM sales) AS t;
WITH t AS (SELECT region FROM sales) SELECT amount FROM t;
SELECT * EXCLUDE (nope) FROM sales;
SELECT * FROM sales JOIN customers USING (nope);
SELECT list_transform(tags, lambda x: x || nope) FROM customers;
SELECT rank() OVER (PARTITION BY nope ORDER BY amount) FROM sales;
SELECT sum(amount) FILTER (WHERE nope > 1) FROM sales;
SELECT (SELECT max(nope) FROM sales) AS m;
SELECT * FROM sales WHERE EXISTS (SELECT 1 FROM customers c WHERE c.id = sales.nope);
SELECT region FROM sales UNION SELECT nope FROM customers;
SELECT region FROM sales UNION SELECT name FROM customers ORDER BY amount;
SELECT "Order Totals" FROM "Orders 2024";
SELECT 区域 FROM 销售;
SELECT 金额 FROM 销售额;
SELECT main.sales.nope FROM main.sales;
SELECT CASE WHEN nope THEN 1 END FROM sales;
SELECT amount FROM sales QUALIFY nope = 1;
SELECT x.a FROM (VALUES (1)) AS v(a);
SELECT x.* FROM sales;
SELECT region FROM sales WHERE region = "West";
WITH a AS (SELECT region AS r FROM sales), b AS (SELECT r AS q FROM a) SELECT r FROM b;
SELECT t.nope FROM (SELECT * FROM sales) AS t;
SELECT sum(amount) OVER win FROM sales WINDOW win AS (ORDER BY nope);
