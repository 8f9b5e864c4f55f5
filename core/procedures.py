"""Every procedure of the house, by the kind in `kind:id`."""

from __future__ import annotations

from core.amendments.procedure import AMENDMENT
from core.appeals.procedure import APPEAL
from core.cases.procedure import CASE
from core.employers.procedure import EMPLOYER
from core.hearings.procedure import HEARING
from core.revocations.procedure import REVOCATION
from core.workflow.definitions import Procedure

PROCEDURES: dict[str, Procedure] = {
    procedure.key: procedure
    for procedure in (CASE, EMPLOYER, AMENDMENT, APPEAL, REVOCATION, HEARING)
}
