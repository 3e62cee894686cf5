-- All tasks by title or by time of change are read from the indexes that begin with (user_id, completed): each write maintains
-- five indexes instead of seven. The version before also runs without the dropped ones; it then sorts the tasks of a user.

-- Statements that arrive wait behind this lock, so each attempt is short.
do $$
declare
  lock_timeout constant text := current_setting('lock_timeout');
begin
  for attempt in 1..60 loop
    begin
      perform set_config('lock_timeout', '200ms', true);
      lock table tasks in access exclusive mode;
      perform set_config('lock_timeout', lock_timeout, true);
      return;
    exception when lock_not_available then
      perform pg_sleep(0.8);
    end;
  end loop;
  raise lock_not_available using message = 'the table tasks is in use';
end $$;

drop index tasks_updated_idx;
drop index tasks_title_idx;
