"""Scripts carried out without the database: the rows that the commands would have left.

The transition table, deadlines, terms and hashes are those of the commands; what the commands read
from tables is kept in memory. Each case is carried out in one go, which is several times faster
than all of them side by side; its history and its number in the register come in the order of time
all the same (`core.demo.diary`). A test plays the same scripts through `core.demo.play` and
compares every table.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from math import inf
from typing import Any

from core.access.actors import SYSTEM, Actor
from core.audit import history
from core.demo import forms, plans, tables
from core.demo.books import Books
from core.demo.cast import Company
from core.demo.chaining import Heads, linked
from core.demo.diary import Diary
from core.demo.hours import DAY, day_at, iso_day
from core.demo.licences import Register
from core.demo.plans import Move
from core.demo.rows import COLUMNS, packed, written
from core.demo.running import Running
from core.demo.shapes import Script, Step
from core.demo.shares import Share
from core.demo.writing import Rows
from core.register import numbers
from core.workdays import counting

_ACCEPTANCE, _ACCEPTED, _WITHDRAWING = "acceptance", "accepted", "withdrawing"
_DECIDED = "decided_at"
_MET, _MOOT = ("pass", packed([]), ""), ("not_applicable", packed([]), "")


class Ledger:
    """Takes scripts and fills `rows`, which the caller empties whenever it likes.

    until: nothing later happens. heads: the history to go on from. share: which ids and chains of
    history are its own.
    """

    def __init__(self, books: Books, until: int, heads: Heads, share: Share) -> None:
        self.rows: Rows = {name: [] for name in COLUMNS}
        self.heads = {chain: head for chain, head in heads.items() if share.has(chain)}
        self._books, self._until, self._share = books, until, share
        self._ids: dict[str, int] = {}
        self._diary, self._day = Diary(), 0
        self._filed_under: set[str] = set()
        self._said: dict[tuple[str, tuple[str, ...]], str] = {}
        self._dues: dict[tuple[str, int], str] = {}
        self._register = Register(self.rows, self._id)
        self._now(0)

    def _now(self, moment: int, opening: int = 0) -> None:
        """Everything until the next call happens at `moment`."""
        self._second, self._opening = moment, opening
        self._stamp = written(moment)
        self._note = self._diary.page(moment)

    def _id(self, table: str) -> int:
        number = self._ids[table] = self._share.own(self._ids.get(table, 0))
        return number

    @property
    def rulebooks(self) -> dict[str, dict[str, Any]]:
        """Those that cases were filed under, by digest."""
        return {digest: self._books.contents[digest] for digest in self._filed_under}

    def found(self, companies: Iterable[Company]) -> None:
        """Rows of the companies, as `core.demo.play.found` leaves them."""
        for company in companies:
            self.rows["employers"].append(tables.employer(company))
            self.rows["employer_qualifications"].append(tables.qualification(company))

    def take(self, script: Script) -> None:
        """Carry out a script; they come in order of opening."""
        day = script.opened // DAY
        if day > self._day:
            self._day = day
            self._turn_to(day)
        self._go_on(self._open(script))

    def close(self) -> None:
        """Write what is left: history, registrations still in use, counters."""
        self._turn_to(inf)
        self._register.close()

    def _turn_to(self, day: float) -> None:
        """Write the history of the days before `day`, drawing numbers on the way."""
        events, heads = self.rows["events"], self.heads
        for _, _, _, _, what in self._diary.before(day):
            if isinstance(what, Running):
                self._number_drawn(what)
            else:
                stamp, facts = what
                events.append(linked(stamp, facts, heads))

    # --- opening -----------------------------------------------------------------------------
    def _open(self, script: Script) -> Running:
        self._now(script.opened, opening=1)
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
        ref = numbers.case_ref(number, date.fromordinal(day_at(script.opened)).year)
        content = history.canonical(form)
        run = Running(
            script=script,
            number=number,
            plan=plan,
            ref=ref,
            form=form,
            content=content,
            created=opened,
            licence=licence,
            seal_number=licence.seal_number if licence else "",
            subject=f"case:{number}",
            changed=opened,
        )
        # As `history.canonical` would write the three: the form is long and already in its order.
        detail = f'{{"channel":"{script.channel}","form":{content},"ref":"{ref}"}}'
        self._event(run, person.actor, "create", None, "draft", detail)
        for month in script.insured:
            self.rows["insurance_records"].append(tables.insured(person, month, opened[:10]))
        for picture in script.pictures:
            self.rows["attachments"].append((number, person.id, *picture, None, opened))
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
        run.entries += 1
        facts = (
            actor.user_id,
            actor.name,
            action,
            run.subject,
            run.number,
            run.version,
            before,
            after,
            detail,
        )
        self._note((self._second, self._opening, run.number, run.entries, (self._stamp, facts)))

    # --- steps -------------------------------------------------------------------------------
    def _go_on(self, run: Running) -> None:
        """Carry out the steps of a case up to now, or until it waits for its number."""
        steps, until = run.script.steps, self._until
        for step in steps[run.place :]:
            if step.at > until:
                break
            run.place += 1
            self._now(step.at)
            self._step(run, step)
            if run.issuing is not None:
                return
        self._finish(run)

    def _step(self, run: Running, step: Step) -> None:
        match step.kind:
            case "claim":
                self._claim(run, step.actor)
            case "judge":
                self._judge(run, step)
            case "answer":
                for item in run.corrections[-1][1]:
                    item[4] = step.words
            case "note":
                self.rows["notes"].append(
                    (run.number, step.actor.user_id, step.actor.name, step.words, self._stamp)
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
        stage, officer = plans.CHECKLISTS[run.status], step.actor.user_id
        known = run.verdicts.setdefault(stage, {})
        fails = {fail.check: ("fail", packed(fail.reasons), fail.note) for fail in step.fails}
        judged = False
        for key in run.plan.checks[stage]:
            given = known.get(key)
            if key in fails:
                said = fails[key]
            elif given is None or given[3] is None:
                said = _MOOT if key in step.moot else _MET
            else:
                continue
            known[key] = [run.number, stage, key, *said, officer, self._stamp]
            judged = True
        assert run.lease is not None
        if judged:
            run.lease = (*run.lease[:2], self._second + run.plan.lease)

    def _act(
        self,
        run: Running,
        action: str,
        actor: Actor,
        words: str = "",
        codes: tuple[str, ...] = (),
    ) -> None:
        """Take an action and what follows from it by itself; a number is drawn in its turn."""
        if action == plans.ISSUES and run.issuing is None:
            run.issuing, run.since = (actor, words, codes), self._second
            run.entries += 1
            self._note((self._second, 0, run.number, run.entries, run))
            return
        run.issuing = None
        self._move(run, run.plan.moves[run.status, action], actor, words, codes)
        follow = run.plan.follow.get(run.status)
        if follow:
            self._act(run, follow, SYSTEM)

    def _number_drawn(self, run: Running) -> None:
        """The number's turn has come: issue the registration, then go on."""
        assert run.issuing is not None
        self._now(run.since)
        self._act(run, plans.ISSUES, *run.issuing)
        self._go_on(run)

    def _move(
        self, run: Running, move: Move, actor: Actor, words: str, codes: tuple[str, ...]
    ) -> None:
        before, action = run.status, move.action
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
                    run.number,
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
                if decision[9] and decision[1] in move.undoes:
                    decision[10] = 1
        run.version += 2 if move.undoes else 1
        said = self._said.get((words, codes))
        if said is None:
            said = self._said[words, codes] = tables.said(words, codes)
        self._event(run, actor, action, before, after, said)
        if action in plans.ASKS:
            self._ask(run, actor)
        elif action == plans.ANSWERS:
            self._answered(run)
        elif action == plans.ISSUES:
            self._issue(run)
        if move.message:
            asked = action in plans.ASKS
            self.rows["messages"].append(
                tables.message(run, move.message, words, codes, asked, self._stamp)
            )
        if move.stage is not None or final:
            run.lease = None

    def _date(self, run: Running, before: str, final: bool) -> None:
        name = plans.STAMPS.get(run.status)
        came_back = before == _WITHDRAWING and run.status != _ACCEPTED
        if name and not came_back and (name != _DECIDED or run.decided is None):
            run.stamps[name] = self._stamp
            if name == _DECIDED:
                run.decided = self._second
        if final:
            run.stamps["closed_at"] = self._stamp

    def _due(self, start: str, days: int) -> str:
        """The day on which `days` working days from `start` end."""
        known = self._dues.get((start, days))
        if known is None:
            due = counting.due_date(date.fromisoformat(start), days).day
            known = self._dues[start, days] = due.isoformat()
        return known

    def _run_clocks(self, run: Running, move: Move, final: bool) -> None:
        start = today = iso_day(day_at(self._second))
        if move.action == plans.LAPSE_ACCEPTANCE:
            start, run.lapsed = run.clocks[_ACCEPTANCE][2], 1
        for kind, row in tuple(run.clocks.items()):
            if final or kind in move.stops:
                row[8] = today
                self.rows["clocks"].append(row)
                del run.clocks[kind]
        if move.starts:
            kind, days = move.starts
            run.clocks[kind] = [
                run.number,
                kind,
                start,
                days,
                0,
                0,
                None,
                self._due(start, days),
                None,
            ]
        run.clock = run.due = None
        for kind in plans.PRECEDENCE:
            if kind in run.clocks:
                run.clock, run.due = kind, run.clocks[kind][7]
                break

    def _ask(self, run: Running, actor: Actor) -> None:
        number = self._id("corrections")
        items = [[number, *item] for item in tables.to_correct(run)]
        today = iso_day(day_at(self._second))
        due = self._due(today, run.plan.correction_days)
        count = len(run.corrections) + 1
        row = [number, run.number, count, actor.user_id, self._stamp, due, None, ""]
        run.corrections.append((row, items))

    def _answered(self, run: Running) -> None:
        row, items = run.corrections[-1]
        row[6] = self._stamp
        for item in items:
            run.verdicts[_ACCEPTANCE][item[1]][3] = None

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
        rows["clocks"].extend(run.clocks.values())
        for given in run.verdicts.values():
            rows["verdicts"].extend(given.values())
        rows["decisions"].extend(run.decisions)
        for correction, items in run.corrections:
            rows["corrections"].append(correction)
            rows["correction_items"].extend(items)
        if run.lease is not None:
            user, taken, expires = run.lease
            rows["leases"].append((script.number, user, taken, written(expires)))
        if not script.keeps and run.licence is not None:
            self._register.retire(run.licence)
