"""The table of secrets that params hold: apart from the params, so that whoever shows those shows none of them."""

from uuid import UUID

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base
from core.platform.sealing.columns import SealedText
from core.platform.sealing.values import Sealed


class SealedParam(Base):
    """One secret of one job's or schedule's params."""

    __tablename__ = "sealed_params"

    owner_id: Mapped[UUID] = mapped_column(primary_key=True)
    """The job or schedule."""
    pointer: Mapped[str] = mapped_column(Text, primary_key=True)
    """Where in the params it stands."""
    tenant_id: Mapped[UUID] = mapped_column()
    sealed: Mapped[Sealed] = mapped_column(SealedText)
