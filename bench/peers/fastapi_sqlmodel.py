"""The API with FastAPI, SQLModel, PyJWT and psycopg2, in the style of SQLModel's tutorial."""

import base64
import os
from datetime import datetime, timezone
from typing import List, Optional
from uuid import UUID, uuid4

import jwt
from fastapi import Depends, FastAPI, HTTPException, Query
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy import DateTime, tuple_
from sqlmodel import Column, Field, Session, SQLModel, create_engine, select

SECRET = os.environ["SECRET"]
engine = create_engine(
    os.environ["DATABASE_URL"].replace("postgres://", "postgresql://", 1), pool_size=10, max_overflow=0
)


def now() -> datetime:
    return datetime.now(timezone.utc)


class TaskCreate(SQLModel):
    title: str = Field(min_length=1, max_length=200)
    description: Optional[str] = Field(default=None, max_length=1000)
    completed: bool = False


class TaskRead(TaskCreate):
    id: UUID
    user_id: str
    created_at: datetime
    updated_at: datetime


class Task(TaskCreate, table=True):
    __tablename__ = "tasks"

    user_id: str = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=uuid4)
    version: int = 1
    created_at: datetime = Field(default_factory=now, sa_column=Column(DateTime(timezone=True)))
    updated_at: datetime = Field(default_factory=now, sa_column=Column(DateTime(timezone=True)))


class TaskPage(SQLModel):
    items: List[TaskRead]
    next_cursor: Optional[str]


class TaskCompletion(SQLModel):
    completed: bool


bearer = HTTPBearer(auto_error=False)


def current_user(credentials: Optional[HTTPAuthorizationCredentials] = Depends(bearer)) -> str:
    try:
        if credentials is None:
            raise jwt.InvalidTokenError
        options = {"require": ["exp", "sub"]}
        return jwt.decode(credentials.credentials, SECRET, algorithms=["HS256"], options=options)["sub"]
    except jwt.InvalidTokenError:
        raise HTTPException(status_code=401, headers={"WWW-Authenticate": "Bearer"})


app = FastAPI()


# The sessions end in the functions that use them. As a dependency, a session would hold its connection until the response
# is validated in another thread, and with all threads waiting for a connection none would be free for that.


@app.get("/api/tasks", response_model=TaskPage)
def list_tasks(
    limit: int = Query(default=20, ge=1, le=100),
    cursor: Optional[str] = Query(default=None, max_length=2000, regex="^[A-Za-z0-9_-]+$"),
    user_id: str = Depends(current_user),
):
    query = select(Task).where(Task.user_id == user_id)
    if cursor is not None:
        created_at, id = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().split(" ")
        position = (datetime.fromisoformat(created_at), UUID(id))
        query = query.where(tuple_(Task.created_at, Task.id) < position)
    with Session(engine) as session:
        query = query.order_by(Task.created_at.desc(), Task.id.desc()).limit(limit + 1)
        tasks = session.exec(query).all()
    page = tasks[:limit]
    next_cursor = None
    if len(tasks) > limit:
        position = f"{page[-1].created_at.isoformat()} {page[-1].id}"
        next_cursor = base64.urlsafe_b64encode(position.encode()).decode().rstrip("=")
    return {"items": page, "next_cursor": next_cursor}


@app.post("/api/tasks", response_model=TaskRead, status_code=201)
def create_task(body: TaskCreate, user_id: str = Depends(current_user)):
    task = Task(**body.dict(), user_id=user_id)
    with Session(engine) as session:
        session.add(task)
        session.commit()
        session.refresh(task)
    return task


@app.get("/api/tasks/{id}", response_model=TaskRead)
def get_task(id: UUID, user_id: str = Depends(current_user)):
    with Session(engine) as session:
        task = session.get(Task, (user_id, id))
    if task is None:
        raise HTTPException(status_code=404)
    return task


@app.patch("/api/tasks/{id}/complete", response_model=TaskRead)
def complete_task(id: UUID, body: TaskCompletion, user_id: str = Depends(current_user)):
    with Session(engine) as session:
        task = session.get(Task, (user_id, id))
        if task is None:
            raise HTTPException(status_code=404)
        task.completed = body.completed
        task.version += 1
        task.updated_at = now()
        session.add(task)
        session.commit()
        session.refresh(task)
    return task
