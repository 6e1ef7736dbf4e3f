"""The way of a question, from its words to the reply: read this first."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from threading import Event

from analyst.chart import choose_chart
from analyst.commentary import check_numbers, comment
from analyst.deadline import Deadline
from analyst.errors import (
    AnalystError,
    Busy,
    ConnectionFailed,
    QueryCancelled,
    QueryFailed,
    QueryUnfinished,
    QuestionTimeout,
    SQLRefused,
    UnknownName,
)
from analyst.facts import find_facts
from analyst.grounding import ground
from analyst.language import language_of
from analyst.linking import link
from analyst.meaning import cautions
from analyst.models import LanguageModel
from analyst.models.builtin import BuiltinModel
from analyst.prompt import commentary_instructions, title_instructions, write_prompt
from analyst.prompt.repair import absent_values
from analyst.reading import name_choice, read
from analyst.settings import settings
from analyst.terms import (
    NOTHING_SAID,
    Answer,
    Attempt,
    Bilingual,
    Candidate,
    Caution,
    ChartSpec,
    Choice,
    Clarification,
    Facts,
    Failure,
    Links,
    Prompt,
    Question,
    Refusal,
    Step,
    Token,
    Turn,
    Usage,
)
from analyst.validation import repair_names, validate
from analyst.voting import Ballot, Election, elect
from analyst.waiting import until_called
from analyst.workspace import Data, Workspace

ENOUGH = 0.9  # once candidates with this much of the chance have run, the others could not win
READINGS_RUN = 4  # at most, since each costs a query
RIVAL = 0.7  # a rival this close to the winner, in shares, makes it worth asking back
OFFERED = 0.01  # of the vote: readings with less turned out to be meant once in fifty, those with more once in ten
MOST_OFFERED = 2  # other readings beside an answer; a third is hardly ever the one
WORDINGS = 2  # a served model may word a commentary twice; then the templates do
LONGEST_TITLE = 80  # characters; a longer one is no title
PERSON = "person"
LIMITS = (QueryUnfinished, QuestionTimeout, ConnectionFailed, Busy)  # they end a question: none of them says that its SQL was wrong

WHICH_ONE = Bilingual("This can be read in more than one way. Which one do you mean?", "这个问题有不止一种理解，您指的是哪一种？")
NO_ROWS = Bilingual("The query gave no rows.", "查询没有返回任何行。")
NOTHING_WRITTEN = Bilingual("The model wrote no query.", "模型没有写出查询。")
TEMPLATES_TOOK_OVER = Bilingual(
    "The model's own wording held numbers that the rows do not; this wording is made from the computed facts.",
    "模型的文字里有数据中不存在的数字，因此改用由计算结果生成的说明。",
)


@dataclass(frozen=True, slots=True)
class Setting:
    """What stays the same while one question is on its way."""

    question: Question
    data: Data
    workspace: Workspace
    model: LanguageModel | None
    deadline: Deadline
    started: float


def ask(
    text: str,
    workspace: Workspace,
    model: LanguageModel | None = None,
    history: Sequence[Turn] = (),
    evidence: str = "",
    cancelled: Event | None = None,
) -> Iterator[Step]:
    """Answer a question in words: yields each value the moment it exists and ends in a Reply.

    Raises ModelUnavailable, QueryCancelled where the person stopped it, or AnalystError where there is no data yet.
    """
    question = Question(text.strip(), language_of(text), tuple(history), evidence)
    stopped, attempts = cancelled or Event(), list[Attempt]()
    try:
        data_of(workspace)
        yield question
        with workspace.line.join() as ticket:
            yield from until_called(ticket, stopped)
            setting = setting_of(question, workspace, model or BuiltinModel(), stopped)
            with setting.deadline.told_apart():
                yield from answered(setting, attempts)
    except QueryCancelled:
        raise
    except LIMITS as error:
        yield Failure(error.in_language(question.language), tuple(attempts))


def answered(setting: Setting, attempts: list[Attempt]) -> Iterator[Step]:
    """The way itself; what was tried in vain is added to the attempts. Raises ModelUnavailable and LIMITS."""
    question = setting.question
    setting.data.wait(setting.deadline)
    links = link(question, setting.data.schema, setting.data.values)
    yield links
    mentions = ground(question.text, setting.data.schema, setting.data.cells) if setting.model and setting.model.grounds else NOTHING_SAID
    without_rows: Election | None = None
    for _ in range(settings().attempts):
        prompt = write_prompt(question, setting.data.schema, links, tuple(attempts), setting.workspace.examples())
        prompt = replace(prompt, mentions=mentions)
        yield prompt
        outcome = yield from run_candidates(setting, prompt, attempts)
        if isinstance(outcome, Clarification | Refusal):
            yield outcome
            return
        election = elect(outcome) if outcome else None
        if election and not without_rows and looked_for_what_is_not_there(setting, election.winner, links):
            without_rows = election
            attempts.append(Attempt(election.winner.query.sql, NO_ROWS.en))
        elif election:
            yield from decide(setting, election, tuple(attempts))
            return
    if without_rows:
        yield from decide(setting, without_rows, tuple(attempts))
    else:
        yield Failure(failure_words(question, len(attempts)), tuple(attempts))


def run_sql(sql: str, text: str, workspace: Workspace, cancelled: Event | None = None) -> Iterator[Step]:
    """The same way from the SQL on, for SQL that a person wrote, edited or chose; `text` is the question it stands for.

    Raises SQLRefused and QueryFailed: the person who wrote it is the one who repairs it; and the other LIMITS.
    """
    question, stopped = Question(text.strip(), language_of(text)), cancelled or Event()
    data_of(workspace)
    with workspace.line.join() as ticket:
        yield from until_called(ticket, stopped)
        setting, candidate = setting_of(question, workspace, None, stopped), Candidate(sql, 1.0)
        yield candidate
        with setting.deadline.told_apart():
            ballot = run(setting, candidate)
        if isinstance(ballot, Refusal):
            yield ballot
            return
        yield from answer(setting, Election(ballot, 1.0, ()), ())


def setting_of(question: Question, workspace: Workspace, model: LanguageModel | None, stopped: Event) -> Setting:
    """What stays the same from the question's turn on, over the data as it is by then."""
    return Setting(question, data_of(workspace), workspace, model, Deadline(stopped, settings().question_seconds), time.perf_counter())


def data_of(workspace: Workspace) -> Data:
    """The workspace's data. Raises AnalystError where there is none yet."""
    if workspace.data and workspace.data.names.tables:
        return workspace.data
    raise AnalystError(Bilingual("There is no data yet.", "还没有数据。"), Bilingual("Add a file first.", "请先添加一个文件。"))


def run_candidates(
    setting: Setting, prompt: Prompt, attempts: list[Attempt]
) -> Generator[Step, None, tuple[Ballot, ...] | Clarification | Refusal]:
    """Check and run what the model proposes, likeliest first; what was refused is added to the attempts if nothing ran."""
    assert setting.model is not None
    runs: dict[str, Ballot | Attempt] = {}
    ballots: list[Ballot] = []
    for proposal in setting.model.propose(prompt, setting.deadline):
        if isinstance(proposal, Clarification | Refusal):
            return proposal
        yield proposal
        if isinstance(proposal, Token) or (proposal.sql not in runs and len(runs) == READINGS_RUN):
            continue
        try:
            with setting.deadline.told_apart():
                outcome = runs.get(proposal.sql) or attempt(setting, proposal)
        except LIMITS as error:
            if not setting.deadline.stopped.is_set() and ballots and elect(ballots).confidence > proposal.score:
                break  # a likelier reading has its rows, and this one could not have won
            attempts.append(Attempt(proposal.sql, error.in_language("en")))
            raise
        if isinstance(outcome, Refusal):
            return outcome
        runs[proposal.sql] = outcome
        if isinstance(outcome, Ballot):
            ballots.append(replace(outcome, candidate=proposal))
        if sum(ballot.candidate.score for ballot in ballots) >= ENOUGH:
            break
    if not ballots:
        attempts += [outcome for outcome in runs.values() if isinstance(outcome, Attempt)] or [Attempt("", NOTHING_WRITTEN.en)]
    return tuple(ballots)


def attempt(setting: Setting, candidate: Candidate) -> Ballot | Attempt | Refusal:
    """Run a candidate; an error of the validator or the database becomes an attempt, in its own words. Raises LIMITS."""
    try:
        return run_repaired(setting, candidate)
    except QueryUnfinished:
        raise  # a limit is no fault of the candidate: another in its place would answer something else
    except (SQLRefused, QueryFailed) as error:
        return Attempt(candidate.sql, error.in_language("en"))


def run_repaired(setting: Setting, candidate: Candidate) -> Ballot | Refusal:
    """Run a candidate; a name that only one known name can have been meant by is put right without asking the model again."""
    try:
        return run(setting, candidate)
    except UnknownName:
        repaired = repair_names(candidate, setting.data.schema)
        if repaired.sql == candidate.sql:
            raise
        return run(setting, repaired)


def run(setting: Setting, candidate: Candidate) -> Ballot | Refusal:
    """Check a candidate and run it. Raises SQLRefused and QueryFailed."""
    query = validate(candidate, setting.data.names)
    if isinstance(query, Refusal):
        return query
    return Ballot(candidate, query, setting.data.connector.execute(query, setting.workspace.limits, setting.deadline))


def looked_for_what_is_not_there(setting: Setting, ballot: Ballot, links: Links) -> bool:
    """Whether a query gave no rows and compares a column with a value that the column is not known to hold.

    The built-in model takes its values from the cells themselves, so asking it again would only give a reading it thinks less of.
    """
    guessed = ballot.result.table.num_rows == 0 and not isinstance(setting.model, BuiltinModel)
    return guessed and bool(absent_values(ballot.query, setting.data.schema, links))


def decide(setting: Setting, election: Election, attempts: tuple[Attempt, ...]) -> Iterator[Step]:
    """Answer, or ask back where two readings are about as likely and neither is."""
    rival = election.others[0][1] if election.others else 0.0
    if election.confidence < settings().ask_back_below and rival >= RIVAL * election.confidence:
        yield Clarification(WHICH_ONE.in_language(setting.question.language), choices(setting, election, including_winner=True))
    else:
        yield from answer(setting, election, attempts)


def answer(setting: Setting, election: Election, attempts: tuple[Attempt, ...]) -> Iterator[Step]:
    """From rows to chart, facts, words and receipt."""
    question, ballot = setting.question, election.winner
    yield ballot.query
    yield ballot.result
    schema = setting.data.schema  # of a file just opened it may not be complete before
    chart = choose_chart(ballot.result, question, schema, ballot.candidate.mark, ballot.query)
    yield chart
    facts = find_facts(ballot.result, chart, schema, ballot.query)
    yield facts
    warnings = cautions(ballot.query, schema, ballot.result)
    reading = read(ballot.query, schema, setting.data.connector, setting.workspace.limits, setting.deadline.stopped)
    commentary, title, notes = words(setting, facts, chart, warnings)
    yield Answer(
        question=question,
        query=ballot.query,
        result=ballot.result,
        chart=replace(chart, title=title),
        facts=facts,
        commentary=commentary,
        reading=reading,
        cautions=warnings,
        confidence=election.confidence,
        alternatives=choices(setting, election),
        attempts=attempts,
        model=setting.model.name if setting.model else PERSON,
        notes=tuple(filter(None, (ballot.candidate.note, *notes))),
        seconds=time.perf_counter() - setting.started,
        usage=setting.model.take_usage() if setting.model else Usage(),
    )


def words(setting: Setting, facts: Facts, chart: ChartSpec, warnings: tuple[Caution, ...]) -> tuple[str, str, tuple[Bilingual, ...]]:
    """Commentary, title, and what to say of how they came about; a served model's words stand only if the facts hold their numbers."""
    made_up: tuple[str, ...] = ()
    for _ in range(WORDINGS):
        spoken = model_words(setting, commentary_instructions(facts, setting.question, chart, made_up))
        if not spoken:
            break
        made_up = check_numbers(spoken, facts)
        if not made_up:
            title = model_words(setting, title_instructions(setting.question, chart)).strip('"“”')
            fits = title and "\n" not in title and len(title) <= LONGEST_TITLE and not check_numbers(title, facts)
            return spoken, title if fits else chart.title, ()
    return comment(facts, setting.question, chart, warnings), chart.title, (TEMPLATES_TOOK_OVER,) if made_up else ()


def model_words(setting: Setting, instructions: str) -> str:
    """What the model writes on from the instructions, whole; empty if it writes no prose, or none in time: the rows are there."""
    try:
        pieces = setting.model.word(instructions, setting.deadline) if setting.model else None
        return "".join(pieces or ()).strip()
    except QueryCancelled:
        if setting.deadline.stopped.is_set():
            raise
        return ""


def choices(setting: Setting, election: Election, including_winner: bool = False) -> tuple[Choice, ...]:
    """The other readings, each with what sets it apart, to be clicked."""
    likely = [ballot for ballot, share in election.others if share >= OFFERED][:MOST_OFFERED]
    if including_winner and not likely:
        likely = [election.others[0][0]]
    offered = [election.winner, *likely] if including_winner else likely
    language = setting.question.language
    return tuple(
        Choice(
            name_choice(
                ballot.query, (election.winner if ballot is not election.winner else likely[0]).query, setting.data.schema
            ).in_language(language),
            setting.question.text,
            ballot.query.sql,
        )
        for ballot in offered
    )


def failure_words(question: Question, attempts: int) -> str:
    """An honest failure: what was tried, and what the person can do."""
    return Bilingual(
        f"I wrote this query {attempts} times and none of them could run, so I have no answer. "
        "What was tried stands below. Try naming the table or column, or ask for one thing at a time.",
        f"我写了 {attempts} 次查询都无法运行，所以没有答案。下面是尝试过的内容。可以试着说出表名或列名，或者一次只问一件事。",
    ).in_language(question.language)
