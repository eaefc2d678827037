"""The unread counter follows each statement that changes notifications, in its transaction.

Rows are counted in the order of user ids, so two fan-outs to the same people can't deadlock.
"""

from django.db import migrations

_COUNT = """
CREATE FUNCTION notifications_count_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO notifications_unreadcounter AS counter (user_id, unread)
    SELECT user_id, count(*) FROM added WHERE NOT is_read GROUP BY user_id ORDER BY user_id
    ON CONFLICT (user_id) DO UPDATE SET unread = counter.unread + excluded.unread;
    RETURN NULL;
END $$;

CREATE FUNCTION notifications_count_removed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE notifications_unreadcounter AS counter SET unread = counter.unread - change.n
    FROM (
        SELECT counted.user_id, fewer.n
        FROM (SELECT user_id, count(*) AS n FROM removed WHERE NOT is_read GROUP BY user_id) fewer
        JOIN notifications_unreadcounter counted USING (user_id)
        ORDER BY counted.user_id FOR UPDATE OF counted
    ) AS change
    WHERE counter.user_id = change.user_id;
    RETURN NULL;
END $$;

CREATE FUNCTION notifications_count_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO notifications_unreadcounter (user_id, unread)
    SELECT DISTINCT user_id, 0 FROM after WHERE NOT is_read ORDER BY user_id
    ON CONFLICT (user_id) DO NOTHING;

    UPDATE notifications_unreadcounter AS counter SET unread = counter.unread + change.n
    FROM (
        SELECT counted.user_id, more.n
        FROM (
            SELECT user_id, sum(n) AS n FROM (
                SELECT user_id, 1 AS n FROM after WHERE NOT is_read
                UNION ALL
                SELECT user_id, -1 FROM before WHERE NOT is_read
            ) AS each
            GROUP BY user_id HAVING sum(n) <> 0
        ) more
        JOIN notifications_unreadcounter counted USING (user_id)
        ORDER BY counted.user_id FOR UPDATE OF counted
    ) AS change
    WHERE counter.user_id = change.user_id;
    RETURN NULL;
END $$;

CREATE TRIGGER count_added AFTER INSERT ON notifications_notification
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION notifications_count_added();
CREATE TRIGGER count_removed AFTER DELETE ON notifications_notification
    REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION notifications_count_removed();
CREATE TRIGGER count_changed AFTER UPDATE ON notifications_notification
    REFERENCING OLD TABLE AS before NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION notifications_count_changed();
"""

_FORGET = """
DROP TRIGGER count_added ON notifications_notification;
DROP TRIGGER count_removed ON notifications_notification;
DROP TRIGGER count_changed ON notifications_notification;
DROP FUNCTION notifications_count_added();
DROP FUNCTION notifications_count_removed();
DROP FUNCTION notifications_count_changed();
"""


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_initial")]
    operations = [migrations.RunSQL(_COUNT, _FORGET)]
