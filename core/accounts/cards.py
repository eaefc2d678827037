"""Parts of the JSON that PostgreSQL makes of lists: docs/decisions/0030-lists-as-json.md."""


def user_brief(alias: str) -> str:
    """The account of that alias, with the keys of web.users.UserBrief."""
    return (
        f"json_build_object('pk', {alias}.id, 'email', {alias}.email, "
        f"'full_name', {alias}.full_name, 'user_type', {alias}.user_type)"
    )


def moment(column: str) -> str:
    """A time as web.schema.Timestamp says it."""
    return f"""to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
