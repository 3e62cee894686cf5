-- The order of `task_title`, with digits compared as numbers: "Task 2" before "Task 10". "a" ties with "A", and "1" with "01".
create collation if not exists task_title_natural (
  provider = icu, locale = 'und-u-kn-ks-level2', deterministic = false
);

-- Writes wait behind this lock, so each attempt is short.
do $$
declare
  lock_timeout constant text := current_setting('lock_timeout');
begin
  for attempt in 1..60 loop
    begin
      perform set_config('lock_timeout', '200ms', true);
      lock table tasks in share mode;
      perform set_config('lock_timeout', lock_timeout, true);
      return;
    exception when lock_not_available then
      perform pg_sleep(0.8);
    end;
  end loop;
  raise lock_not_available using message = 'the table tasks is in use';
end $$;

-- Writes wait while the index is built. To avoid this on a table with millions of rows, create the collation and the index before
-- the deployment, the index with `concurrently`.
create index if not exists tasks_completed_title_natural_idx
  on tasks (user_id, completed, title collate task_title_natural, id);

comment on index tasks_completed_title_idx is
  'Read by the previous version only. To be dropped when no deployment runs it any more.';
