"""Scripts carried out without the database: the rows that the commands would have left.

The transition table, deadlines, terms and hashes are those of the commands; what the commands read
from tables is kept in memory, for the cases under way only. A test plays the same scripts through
`core.demo.play` and compares every table.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from core import deadlines, history, numbering
from core.demo import forms, plans, tables
from core.demo.books import Books
from core.demo.cast import Company
from core.demo.hours import day_at
from core.demo.licences import Register
from core.demo.plans import Move
from core.demo.rows import COLUMNS, packed, written
from core.demo.running import Running
from core.demo.shapes import Fail, Script, Step, Turn
from core.policy import SYSTEM, Actor

_ACCEPTANCE, _ACCEPTED, _WITHDRAWING = "acceptance", "accepted", "withdrawing"
_EMPTY = packed([])


class Ledger:
    """Takes turns and fills `rows`, which the caller empties whenever it likes.

    Events wait for their hash (`core.demo.chaining`). ids: last id given out by table.
    """

    def __init__(self, books: Books, ids: dict[str, int]) -> None:
        self.rows: dict[str, list[Any]] = {name: [] for name in COLUMNS}
        self._books = books
        self._ids = dict.fromkeys(COLUMNS, 0) | ids
        self._running: dict[int, Running] = {}
        self._filed_under: set[str] = set()
        self._details: dict[tuple[str, tuple[str, ...]], str] = {}
        self._dues: dict[tuple[str, int], str] = {}
        self._register = Register(self.rows, self._id)
        self._now(0)

    def _now(self, moment: int) -> None:
        """Everything until the next call happens at `moment`."""
        self._second = moment
        self._stamp = written(moment)

    def _id(self, table: str) -> int:
        number = self._ids[table] = self._ids[table] + 1
        return number

    def found(self, companies: Iterable[Company]) -> None:
        """Rows of the companies, as `core.demo.play.found` leaves them."""
        for company in companies:
            self.rows["employers"].append(tables.employer(company))
            self.rows["employer_qualifications"].append(
                (
                    self._id("employer_qualifications"),
                    company.id,
                    company.qualification,
                    company.kind,
                    company.qualified_until.isoformat(),
                )
            )

    def take(self, turn: Turn) -> None:
        """Carry out one turn."""
        script, step, last = turn
        if step is None:
            self._now(script.opened)
            run = self._running[script.number] = self._open(script)
        else:
            self._now(step.at)
            run = self._running[script.number]
            self._step(run, step)
        if last:
            self._finish(self._running.pop(script.number))

    def close(self) -> None:
        """Write what is left: registrations still in use, counters, rulebooks."""
        self._register.close()
        for digest, content in self._books.contents.items():
            if digest in self._filed_under:
                self.rows["rulebooks"].append((digest, packed(content)))

    # --- opening -----------------------------------------------------------------------------
    def _open(self, script: Script) -> Running:
        person, number, opened = script.person, script.number, self._stamp
        if script.new_person:
            self.rows["people"].append(tables.person(person, opened))
        plan = self._books.plan(script.variant, script.profession, script.business)
        self._filed_under.add(plan.rules.id)
        licence = self._register.held(script) if script.acts_on else None
        form = script.form
        if licence is not None:
            form = forms.completed(
                form, licence.number, licence.seal_number, licence.valid_to.isoformat()
            )
        run = Running(
            script=script,
            plan=plan,
            ref=numbering.case_ref(number, date.fromordinal(day_at(script.opened)).year),
            form=form,
            created=opened,
            changed=opened,
            licence=licence,
            seal_number=licence.seal_number if licence else "",
            subject=f"case:{number}",
        )
        detail = history.canonical({"ref": run.ref, "channel": script.channel, "form": form})
        self._event(run, person.actor, "create", None, "draft", detail)
        for month in script.insured:
            number = self._id("insurance_records")
            self.rows["insurance_records"].append(
                tables.insured(number, person, month, self._stamp[:10])
            )
        for picture in script.pictures:
            self.rows["attachments"].append(
                (self._id("attachments"), script.number, person.id, *picture, None, opened)
            )
        return run

    def _event(
        self,
        run: Running,
        actor: Actor,
        action: str,
        before: str | None,
        after: str | None,
        detail: str,
    ) -> None:
        number = run.script.number
        chain = number % history.CHAINS
        self.rows["events"].append(
            (
                self._id("events"),
                chain,
                self._stamp,
                actor.user_id,
                actor.name,
                action,
                run.subject,
                number,
                run.version,
                before,
                after,
                detail,
            )
        )

    # --- steps -------------------------------------------------------------------------------
    def _step(self, run: Running, step: Step) -> None:
        match step.kind:
            case "claim":
                self._claim(run, step.actor)
            case "judge":
                self._judge(run, step)
            case "answer":
                for item in run.corrections[-1][1]:
                    item[5] = step.words
            case "note":
                self.rows["notes"].append(
                    (
                        self._id("notes"),
                        run.script.number,
                        step.actor.user_id,
                        step.actor.name,
                        step.words,
                        self._stamp,
                    )
                )
                length = history.canonical({"length": len(step.words)})
                self._event(run, step.actor, "note", None, None, length)
            case _:
                self._act(run, step.kind, step.actor, step.words, step.codes)

    def _claim(self, run: Running, actor: Actor) -> None:
        assert actor.user_id is not None
        lease = run.lease
        run.lease = (actor.user_id, self._stamp, self._second + run.plan.lease)
        if not (lease and lease[0] == actor.user_id and lease[2] > self._second):
            self._event(run, actor, "claim", None, None, "{}")
        if run.status == _ACCEPTED:
            self._act(run, plans.START_REVIEW, actor)

    def _judge(self, run: Running, step: Step) -> None:
        stage = plans.CHECKLISTS[run.status]
        for fail in step.fails:
            self._verdict(run, stage, fail.check, "fail", step.actor, fail)
        missing = [
            key
            for key in run.plan.checks[stage]
            if (given := run.verdicts.get((stage, key))) is None or given[4] is None
        ]
        for key in step.moot:
            if key in missing:
                self._verdict(run, stage, key, "not_applicable", step.actor)
        for key in missing:
            if key not in step.moot:
                self._verdict(run, stage, key, "pass", step.actor)
        assert run.lease is not None
        if missing or step.fails:
            run.lease = (*run.lease[:2], self._second + run.plan.lease)

    def _verdict(
        self,
        run: Running,
        stage: str,
        key: str,
        outcome: str,
        actor: Actor,
        fail: Fail | None = None,
    ) -> None:
        said = [
            outcome,
            packed(fail.reasons) if fail else _EMPTY,
            fail.note if fail else "",
            actor.user_id,
            self._stamp,
        ]
        row = run.verdicts.get((stage, key))
        if row is None:
            number = self._id("verdicts")
            run.verdicts[stage, key] = [number, run.script.number, stage, key, *said]
        else:
            row[4:] = said

    def _act(
        self,
        run: Running,
        action: str,
        actor: Actor,
        words: str = "",
        codes: tuple[str, ...] = (),
    ) -> None:
        move, before = run.plan.moves[run.status, action], run.status
        after = move.after or run.resumes
        assert after is not None
        final = after in plans.FINAL_STATUSES
        run.resumes = before if after == _WITHDRAWING else None
        run.changed, run.status = self._stamp, after
        self._date(run, before, final)
        if move.stops or move.starts or final:
            self._run_clocks(run, move, final)
        if move.stage is not None:
            run.decisions.append(
                [
                    self._id("decisions"),
                    run.script.number,
                    move.stage,
                    action,
                    move.approves,
                    actor.user_id,
                    actor.name,
                    packed(codes),
                    words,
                    self._stamp,
                    move.four_eyes,
                    0,
                ]
            )
        if move.undoes:
            for decision in run.decisions:
                if decision[10] and decision[2] in move.undoes:
                    decision[11] = 1
        run.version += 2 if move.undoes else 1
        detail = self._details.get((words, codes))
        if detail is None:
            detail = history.canonical({"reason": words, "codes": codes})
            self._details[words, codes] = detail
        self._event(run, actor, action, before, after, detail)
        if move.message:
            self._tell(run, move.message, words, codes)
        if action in plans.ASKS:
            self._ask(run, actor)
        elif action == plans.ANSWERS:
            self._answered(run)
        elif action == plans.ISSUES:
            self._issue(run)
        if move.stage is not None or final:
            run.lease = None
        follow = run.plan.follow.get(run.status)
        if follow:
            self._act(run, follow, SYSTEM)

    def _date(self, run: Running, before: str, final: bool) -> None:
        name = plans.stamp_of(run.status)
        came_back = before == _WITHDRAWING and run.status != _ACCEPTED
        if name and not came_back and not (name == "decided_at" and run.decided is not None):
            run.stamps[name] = self._stamp
            if name == "decided_at":
                run.decided = self._second
        if final:
            run.stamps["closed_at"] = self._stamp

    def _due(self, start: str, days: int) -> str:
        """The day on which `days` working days from `start` end."""
        known = self._dues.get((start, days))
        if known is None:
            due = deadlines.due_date(date.fromisoformat(start), days).day
            known = self._dues[start, days] = due.isoformat()
        return known

    def _today(self) -> str:
        return date.fromordinal(day_at(self._second)).isoformat()

    def _run_clocks(self, run: Running, move: Move, final: bool) -> None:
        start = today = self._today()
        if move.action == plans.LAPSE_ACCEPTANCE:
            start, run.lapsed = run.clocks[_ACCEPTANCE][3], 1
        for kind, row in tuple(run.clocks.items()):
            if final or kind in move.stops:
                row[9] = today
                self.rows["clocks"].append(tuple(row))
                del run.clocks[kind]
        if move.starts:
            kind, days = move.starts
            run.clocks[kind] = [
                self._id("clocks"),
                run.script.number,
                kind,
                start,
                days,
                0,
                0,
                None,
                self._due(start, days),
                None,
            ]
        run.clock = next((kind for kind in plans.PRECEDENCE if kind in run.clocks), None)
        run.due = run.clocks[run.clock][8] if run.clock else None

    def _tell(self, run: Running, template: str, words: str, codes: tuple[str, ...]) -> None:
        number = self._id("messages")
        self.rows["messages"].append(
            tables.message(number, run, template, words, codes, self._stamp)
        )

    def _ask(self, run: Running, actor: Actor) -> None:
        number = self._id("corrections")
        items = [
            [self._id("correction_items"), number, *item, ""] for item in tables.to_correct(run)
        ]
        due = self._due(self._today(), run.plan.correction_days)
        count = len(run.corrections) + 1
        row = [number, run.script.number, count, actor.user_id, self._stamp, due, None, ""]
        run.corrections.append((row, items))

    def _answered(self, run: Running) -> None:
        row, items = run.corrections[-1]
        row[6] = self._stamp
        for item in items:
            run.verdicts[_ACCEPTANCE, item[2]][4] = None

    def _issue(self, run: Running) -> None:
        before = (run.licence.id if run.licence else None, run.seal_number)
        decided_on = date.fromordinal(day_at(run.decided or self._second))
        run.licence = self._register.carry_out(
            run.script, run.form, run.plan.rules, run.licence, decided_on, self._stamp
        )
        run.seal_number = run.licence.seal_number or run.seal_number
        run.version += (run.licence.id, run.seal_number) != before

    # --- the end -----------------------------------------------------------------------------
    def _finish(self, run: Running) -> None:
        script, rows = run.script, self.rows
        rows["cases"].append(tables.case(run))
        rows["clocks"].extend(map(tuple, run.clocks.values()))
        rows["verdicts"].extend(map(tuple, run.verdicts.values()))
        rows["decisions"].extend(map(tuple, run.decisions))
        for correction, items in run.corrections:
            rows["corrections"].append(tuple(correction))
            rows["correction_items"].extend(map(tuple, items))
        if run.lease is not None:
            user, taken, expires = run.lease
            rows["leases"].append((script.number, user, taken, written(expires)))
        if not script.keeps and run.licence is not None:
            self._register.retire(run.licence)
