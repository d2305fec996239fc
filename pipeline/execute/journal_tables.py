"""The journal's tables, in the order in which they depend on one another."""

from sqlalchemy import (
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

VERSION = 2
"""2 knows who allowed which hazard. A file of version 1 gets that table when it is written."""

metadata = MetaData()

meta = Table("meta", metadata, Column("version", Integer, nullable=False))

plan = Table(
    "plan",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("json", Text, nullable=False),
)

run = Table(
    "run",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("env", String(200), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("plan_hash", String(64), ForeignKey("plan.hash"), nullable=False),
    Column("who", String(400), nullable=False),
    Column("started", DateTime(timezone=True), nullable=False),
    Column("ended", DateTime(timezone=True)),
    Column("outcome", String(40)),
    Index("run_of_env", "env", "id"),
    sqlite_autoincrement=True,
)

event = Table(
    "event",
    metadata,
    Column("run", Integer, ForeignKey("run.id"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("step", String(400), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("state", String(20), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("detail", Text, nullable=False),
)

allowed = Table(
    "allowed",
    metadata,
    Column("run", Integer, ForeignKey("run.id"), primary_key=True),
    Column("hazard", String(400), primary_key=True),
    Column("by", Text, nullable=False),
)

# For a journal that several machines share; beside a SQLite file, the first host holds the lease.
lease = Table(
    "lease",
    metadata,
    Column("env", String(200), primary_key=True),
    Column("token", Integer, nullable=False),
    Column("owner", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("beat", Integer, nullable=False),
)
