"""The register: search it, and read one registration with all that changed it (`/register`)."""

import streamlit as st

from core import clock, db
from core.access.permissions import Permission
from core.errors import CoreError
from core.register.search import read_registration, search_register
from core.text import Text
from dashboard.attempt import show_error
from dashboard.components.address import left
from dashboard.components.table import Column, table
from dashboard.panels.register import filters
from dashboard.panels.register.record import record_view
from dashboard.panels.register.rows import rows_of
from dashboard.session import Visit, require

TITLE = Text("注册库", "Register")
CAPTION = Text("注册记录", "Registrations")
EMPTY = Text(
    "没有符合条件的注册记录。请检查拼写，或减少筛选条件。",
    "Nothing in the register matches. Check the spelling or remove a filter.",
)
BACK = Text("返回注册库", "Back to the register")
NUMBER = Text("注册号", "Number")
PERSON = Text("姓名", "Name")
ID_NUMBER = Text("证件号码", "ID number")
SPECIALTY = Text("注册专业", "Specialty")
EMPLOYER = Text("聘用单位", "Employer")
SEAL = Text("执业印章号", "Seal number")
VALID = Text("有效期至", "Valid until")
STATUS = Text("状态", "Status")


def one(visit: Visit, number: str, profession: str) -> None:
    """One registration; a click on what changed it leads to the case."""
    st.page_link(
        "../pages/register.py",
        label=visit.say(BACK),
        icon=":material/arrow_back:",
        query_params=left(filters.PAGE),
    )
    try:
        with db.reading() as session:
            found = read_registration(session, visit.actor, number, profession)
    except CoreError as error:
        show_error(visit, error)
        return
    chosen = record_view(visit, found, clock.today())
    if chosen:
        st.switch_page("../pages/case.py", query_params={"ref": chosen})


def listing(visit: Visit) -> None:
    """What the filters in the address let through; a click opens one."""
    st.title(visit.say(TITLE), anchor=False)
    wanted = filters.ADDRESS.read()
    filters.ADDRESS.remember(wanted)
    filters.bar(visit, wanted)
    with db.reading() as session:
        page = search_register(session, visit.actor, wanted)
    event = table(
        [
            Column("number", visit.say(NUMBER), kind="link"),
            Column("person", visit.say(PERSON)),
            Column("id_number", visit.say(ID_NUMBER), kind="code", hide_narrow=True),
            Column("specialty", visit.say(SPECIALTY)),
            Column("employer", visit.say(EMPLOYER)),
            Column("seal", visit.say(SEAL), kind="code", hide_narrow=True),
            Column("valid", visit.say(VALID), kind="date"),
            Column("status", visit.say(STATUS), kind="status"),
        ],
        rows_of(page.rows, clock.today(), visit.language),
        key="register-table",
        caption=visit.say(CAPTION),
        empty=visit.say(EMPTY),
        language=visit.language,
    )
    filters.pages(visit, page)
    if event and event.kind == "open" and event.id:
        profession, _, number = event.id.partition("/")
        st.switch_page(
            "../pages/register.py", query_params={"number": number, "profession": profession}
        )


visit = require(Permission.REGISTER_READ)
if number := st.query_params.get("number", ""):
    one(visit, number, st.query_params.get("profession", ""))
else:
    listing(visit)
