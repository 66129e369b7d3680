"""The connection to the commission's PostgreSQL, and what its faults mean to a person.

The only module that imports psycopg, and late: it comes with the extra `centre`, which no
station has.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError

if TYPE_CHECKING:
    import psycopg

_SECRETS: Final = ("password", "sslpassword")
_FORBIDDEN: Final = "42501"
_FULL: Final = frozenset({"53100", "53200"})
_NOT_STORABLE: Final = "22"  # the class "data exception"
_LIMIT_EXCEEDED: Final = "54"
_SECONDS_TO_CONNECT: Final = "10"


@contextmanager
def connected(database: str) -> "Iterator[psycopg.Connection[tuple[Any, ...]]]":
    """A connection to `database`, a libpq URL or connection string without a password.

    What is done with it is committed at once, unless in a `transaction()`. libpq takes the
    password from PGPASSWORD, PGPASSFILE or ~/.pgpass, and all else from PGSERVICE and its
    like. Faults of the server inside the block become `KnownError` too.

    Raises `KnownError`: `centre_extra_missing`, `database_url`, `database_url_password`,
    `database_unreachable`, `database_forbidden`, `database_full`, `database_lost`,
    `database_encoding`.
    """
    connection = _connect(database)
    try:
        with _told(), connection:
            # Whatever the machine's zone is: times come back as they are written.
            connection.execute("SET TIME ZONE 'UTC'")
            yield connection
    finally:
        connection.close()


def is_not_storable(error: Exception) -> bool:
    """Whether PostgreSQL could not keep a value as it is."""
    import psycopg  # noqa: PLC0415

    # psycopg refuses some values itself, a NUL in a text for one, and gives no state then.
    return isinstance(error, psycopg.DataError) or (
        getattr(error, "sqlstate", None) or ""
    ).startswith((_NOT_STORABLE, _LIMIT_EXCEEDED))


def _connect(database: str) -> "psycopg.Connection[tuple[Any, ...]]":
    try:
        import psycopg  # noqa: PLC0415  (an extra, and nothing for a station's start)
        from psycopg.conninfo import conninfo_to_dict  # noqa: PLC0415
    except ImportError:
        raise KnownError(
            Code.CENTRE_EXTRA_MISSING,
            "This command needs the extra `centre` (psycopg), which is not installed. Type: "
            ".venv/bin/pip install --require-hashes --no-deps -r requirements-centre.lock",
        ) from None
    # What psycopg says of a malformed URL quotes it, with a password if there is one.
    try:
        parts = conninfo_to_dict(database)
    except psycopg.ProgrammingError:
        raise KnownError(
            Code.DATABASE_URL,
            "The address of the database cannot be read. Write it as "
            "postgresql://USER@HOST/DATABASE.",
        ) from None
    if any(parts.get(secret) for secret in _SECRETS):
        raise KnownError(
            Code.DATABASE_URL_PASSWORD,
            "The address of the database holds a password, which every user of this computer "
            "can see while the command runs. Put it into ~/.pgpass or PGPASSWORD, and leave it "
            "out of the address; it is wise to choose a new one.",
        )
    parts.setdefault("connect_timeout", _SECONDS_TO_CONNECT)
    try:
        connection = psycopg.connect(**parts, autocommit=True)  # type: ignore[arg-type]
    except psycopg.OperationalError as fault:
        said = str(fault).strip().partition("\n")[0]
        raise KnownError(
            Code.DATABASE_UNREACHABLE,
            f"The database cannot be reached ({said}). Check its address, whether the server "
            "runs, and the password in ~/.pgpass or PGPASSWORD.",
        ) from None
    if connection.info.parameter_status("server_encoding") != "UTF8":
        connection.close()
        raise KnownError(
            Code.DATABASE_ENCODING,
            "The database does not keep texts as UTF-8. Create one that does: "
            "createdb --encoding=UTF8 --template=template0 NAME",
        )
    return connection


@contextmanager
def _told() -> Iterator[None]:
    import psycopg  # noqa: PLC0415

    try:
        yield
    except (psycopg.OperationalError, psycopg.InterfaceError) as fault:
        if fault.sqlstate in _FULL:
            raise KnownError(
                Code.DATABASE_FULL,
                "The database server has no space left. Make some, then start again; "
                "what is finished stays.",
            ) from fault
        raise KnownError(
            Code.DATABASE_LOST,
            "The database server has ended the connection. See that it runs, then start again; "
            "what is finished stays.",
        ) from fault
    except psycopg.errors.InsufficientPrivilege as fault:
        raise KnownError(
            Code.DATABASE_FORBIDDEN,
            "The database does not let this user do that. Collecting needs the right to create "
            "a schema and to write to it, reporting the right to read it.",
        ) from fault
