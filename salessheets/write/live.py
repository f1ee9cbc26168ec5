"""The formulas of 客户分析: what score.py does, written for Excel 2010, WPS and LibreOffice (scoring.md, "Live in Excel").

Plain functions only, no arrays to confirm. Answers are compared with ``=`` inside SUMPRODUCT and never looked up with
MATCH, for which ``*`` and ``?`` are wildcards. A place in the quota is a count of better leads, so that the line of the
hysteresis needs no k-th largest of a part of a column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from salessheets.score import GATE_FIELDS
from salessheets.settings import RULES, Criterion
from salessheets.trials import TRIED

from .book import ADVICE, FIRST, HEADER

GUESSED = "(推断)"
ITEM, ANSWER, POINTS = "标准_项目", "标准_回答", "标准_分数"  # defined names of the columns of 评分标准
RULE = {rule.field: f"规则_{rule.name}" for rule in RULES if rule.field in TRIED}

_HERE = "\0"  # stands for the row in a template

Formula = Callable[[int], str]


@dataclass(frozen=True)
class Live:
    """Formulas by row (0 = first lead). letters: column key → letter; keys ``answer0``, ``points0``, ``known0`` … number
    the criteria. size: leads. typed: (客户编号, field) → the column of 有效客户名单 as a range.
    """

    letters: Mapping[str, str]
    size: int
    criteria: tuple[Criterion, ...]
    typed: Mapping[str, str]

    def all(self) -> dict[str, Formula]:
        """Column key → formula of a row."""
        made: dict[str, Formula] = {
            "final": self._row('=IF(OR({manual}="A",{manual}="B",{manual}="C"),{manual},{system})'),
            "system": self._row(
                f'=IF({{complete}}<{RULE["unrated_completeness"]},"待评",'
                f'IF(AND({{reach}}="A",NOT({self._gate()})),"B",{{reach}}))'
            ),
            "score": self._row(f"=ROUND(SUM({self._points}),1)"),
            "low": self._row(f"=ROUND(SUMPRODUCT(({self._known}>0)*{self._points}),1)"),
            "high": self._row(
                f"=ROUND(SUMPRODUCT(({self._known}>0)*{self._points}+({self._known}=0)*{self._maxima}),1)"
            ),
            "complete": self._row(
                f"=IF(SUM({self._maxima})=0,0,ROUND(SUMPRODUCT(({self._known}=2)*{self._maxima})/SUM({self._maxima}),9))"
            ),
            "place": self._row('=IF({rank}>0,{rank}&" / "&{pool},"")'),
            "advice": self._row(self._advice()),
            "manual": self._row(self._looked_up("manual_class")),
            "status": self._row(self._looked_up("status")),
            "counted": self._row(
                f'=IF(AND({{region}}<>"",{{complete}}>={RULE["unrated_completeness"]},'
                '{status}<>"已成交",{status}<>"放弃"),1,0)'
            ),
            "rank": self._row("=IF({counted}=1," + self._better('">"&{score}') + "+1,0)"),
            "pool": self._row(
                f"=IF({{counted}}=1,COUNTIFS({self._column('region')},{{region}},{self._column('counted')},1),0)"
            ),
            "reach": self._row(f'=IF({self._reaches("a", ("A",))},"A",IF({self._reaches("b", ("A", "B"))},"B","C"))'),
            "after": self._row(f"=SUMPRODUCT(((({self._known}=2)+{self._musts()})>0)*{self._maxima})"),
        }
        for at, criterion in enumerate(self.criteria):
            item = _quoted(criterion.name)
            answer = f'TRIM(SUBSTITUTE({{answer{at}}},"{GUESSED}",""))'
            listed = f"({ITEM}={item})*({ANSWER}={answer})"
            most = f"{self.letters[f'points{at}']}${ADVICE + 1}"
            made[f"known{at}"] = self._row(
                f'=IF(SUMPRODUCT({listed})=0,0,IF(RIGHT({{answer{at}}},{len(GUESSED)})="{GUESSED}",1,2))'
            )
            made[f"points{at}"] = self._row(
                f"=ROUND(IF({{known{at}}}=0,{most}*{RULE['unknown_share']},SUMPRODUCT({listed}*{POINTS})),9)"
            )
        return made

    def above(self) -> dict[str, str]:
        """Formulas that stand once, above a column: the maximum of each criterion, and its place by size."""
        made = {}
        for at, criterion in enumerate(self.criteria):
            made[f"points{at}"] = f"=SUMPRODUCT(MAX(({ITEM}={_quoted(criterion.name)})*{POINTS}))".format()
            mine = f"{self.letters[f'points{at}']}{ADVICE + 1}"
            must = int(criterion.field in GATE_FIELDS)
            made[f"known{at}"] = (
                f"=1+SUMPRODUCT(({self._maxima}>{mine})+({self._maxima}={mine})*(({self._musts()}>{must})"
                f"+({self._musts()}={must})*({_constant(range(len(self.criteria)))}<{at})))"
            ).format()
        return made

    @property
    def _points(self) -> str:
        return self._across("points", _HERE)

    @property
    def _known(self) -> str:
        return self._across("known", _HERE)

    @property
    def _maxima(self) -> str:
        return self._across("points", f"${ADVICE + 1}")

    @property
    def _order(self) -> str:
        return self._across("known", f"${ADVICE + 1}")

    def _across(self, name: str, row: str) -> str:
        first, last = self.letters[f"{name}0"], self.letters[f"{name}{len(self.criteria) - 1}"]
        return f"${first}{row}:${last}{row}"

    def _column(self, key: str) -> str:
        return column_range(self.letters[key], self.size)

    def _row(self, template: str) -> Formula:
        """Put the cells of a row into a template: {score} → $F12."""
        text = template.format_map({key: f"${letter}{_HERE}" for key, letter in self.letters.items()})
        parts = text.split(_HERE)
        return lambda row: str(FIRST + row + 1).join(parts)

    def _looked_up(self, field: str) -> str:
        if field not in self.typed:
            return '=""'
        return f'=IFERROR(INDEX({self.typed[field]},MATCH({{lead}},{self.typed["lead"]},0))&"","")'

    def _better(self, criterion: str) -> str:
        """How many leads of the region's pool have a score that fits."""
        region, counted, scores = (self._column(key) for key in ("region", "counted", "score"))
        return f"COUNTIFS({region},{{region}},{counted},1,{scores},{criterion})"

    def _reaches(self, line: str, held: Sequence[str]) -> str:
        """Score at least the line, or held before and not ``hysteresis`` below it. The line is the lower of the score
        that needs no rank and, in a region large enough, the higher of the floor and the last score inside the quota.
        """
        alone, floor = RULE[f"{line}_alone"], RULE[f"floor_{line}"]
        quota = f"ROUNDUP(ROUND({{pool}}*{RULE[f'share_{line}']},9),0)"
        large = f"{{counted}}=1,{{pool}}>={RULE['small_region']}"
        kept = f"ROUND({{score}}+{RULE['hysteresis']},9)"
        before = ",".join(f'{{held}}="{name}"' for name in held)
        inside = self._better(f'">="&{kept}')
        return (
            f"OR({{score}}>={alone},AND({large},{{score}}>={floor},{{rank}}<={quota}),"
            f"AND(OR({before}),OR({alone}<{kept},AND({large},{floor}<{kept},{inside}<{quota}))))"
        )

    def _gate(self) -> str:
        musts = [f"{{known{at}}}=2" for at, c in enumerate(self.criteria) if c.field in GATE_FIELDS]
        musts.append("{complete}>=" + RULE["gate_completeness"])
        return f"AND({','.join(musts)})"

    def _musts(self) -> str:
        return _constant(int(c.field in GATE_FIELDS) for c in self.criteria)

    def _advice(self) -> str:
        """The fewest answers, largest first: what a gate asks for, then others until enough is known."""
        rest = _constant(int(c.field not in GATE_FIELDS) for c in self.criteria)
        names = self._across("answer", f"${HEADER + 1}")
        parts = []
        for place in range(1, len(self.criteria) + 1):
            at = f"MATCH({place},{self._order},0)"
            so_far = f"{{after}}+SUMPRODUCT(({self._known}<>2)*{rest}*({self._order}<{place})*{self._maxima})"
            short = f"ROUND(({so_far})/SUM({self._maxima}),9)<{RULE['gate_completeness']}"
            asked = f"AND(INDEX({self._known},{at})<>2,OR(INDEX({self._musts()},{at})=1,{short}))"
            parts.append(f'IF({asked},"、"&INDEX({names},{at}),"")')
        waits = f'AND({{complete}}>={RULE["unrated_completeness"]},{{reach}}="A",NOT({self._gate()}))'
        return f'=IF({waits},"补"&MID({"&".join(parts)},2,200)&"可升A","")'


def column_range(letter: str, size: int) -> str:
    """The cells of a column of a table: $F$4:$F$113."""
    return f"${letter}${FIRST + 1}:${letter}${FIRST + size}"


def _quoted(text: str) -> str:
    """A text constant inside a formula template."""
    return '"' + text.replace('"', '""').replace("{", "{{").replace("}", "}}") + '"'


def _constant(numbers: Iterable[int]) -> str:
    """An array constant as a template writes it: {{1,0}}, which formatting makes {1,0}."""
    return "{{" + ",".join(map(str, numbers)) + "}}"
