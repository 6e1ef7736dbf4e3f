"""The sentences of a commentary, in both languages; each kind of fact has a few ways to be said.

Names in braces are filled by analyst/commentary.py. A key is the kind of the fact, or the kind and what decides its wording.
"""

from __future__ import annotations

from collections.abc import Mapping

from connectors.wording import Bilingual

Sentences = Mapping[str, tuple[Bilingual, ...]]

B = Bilingual

SENTENCES: Sentences = {
    "empty": (
        B(
            "No rows fit this question. Check the filters, or ask for a wider range.",
            "没有符合条件的数据。可以检查一下筛选条件，或放宽范围再问。",
        ),
    ),
    "count": (B("The result has {rows} rows.", "结果共有{rows}行。"), B("There are {rows} rows in the result.", "共得到{rows}行。")),
    "count one": (B("The result is a single row.", "结果只有一行。"),),
    "count cut": (B("Only the first {rows} rows are shown; there are more.", "这里只显示前{rows}行，实际数据更多。"),),
    "name": (B("The answer is {category} ({dimension}).", "答案是{category}（{dimension}）。"),),
    "look": (B("The table shows them one by one.", "明细见表格。"),),
    # ---------------------------------------------------------------------------------------- one number
    "level": (B("{Measure} is {value}.", "{measure}为{value}。"), B("{Measure} comes to {value}.", "{measure}是{value}。")),
    "level of": (B("{Measure} is {value} for {category}.", "{category}的{measure}为{value}。"),),
    "single": (
        B("This is one figure; ask by month or by group to see what lies behind it.", "这是一个汇总数字，想看构成可以再按月份或类别来问。"),
        B("Ask for it by period or by group to see how it is made up.", "如果想知道它的变化或构成，可以再按时间或类别来问。"),
    ),
    # ---------------------------------------------------------------------------------------- over time
    "change up": (
        B(
            "{Measure} rose by {by}, from {first} ({start}) to {last} ({end}).",
            "{measure}从{start}的{first}升至{end}的{last}，增长了{by}。",
        ),
        B(
            "From {start} to {end}, {measure} went up by {by}, from {first} to {last}.",
            "从{start}到{end}，{measure}由{first}增至{last}，增幅为{by}。",
        ),
    ),
    "change down": (
        B(
            "{Measure} fell by {by}, from {first} ({start}) to {last} ({end}).",
            "{measure}从{start}的{first}降至{end}的{last}，下降了{by}。",
        ),
        B(
            "From {start} to {end}, {measure} went down by {by}, from {first} to {last}.",
            "从{start}到{end}，{measure}由{first}减至{last}，降幅为{by}。",
        ),
    ),
    "change none": (
        B(
            "{Measure} stands where it started: {last} in both {start} and {end}.",
            "{measure}首尾持平，{start}和{end}都是{last}。",
        ),
    ),
    "last_change up": (
        B("The latest step, {start} to {end}, is up by {by}.", "最近一期（{end}）比{start}上升{by}。"),
        B("Against {start}, {end} is {by} higher.", "与{start}相比，{end}增加了{by}。"),
    ),
    "last_change down": (
        B("The latest step, {start} to {end}, is down by {by}.", "最近一期（{end}）比{start}下降{by}。"),
        B("Against {start}, {end} is {by} lower.", "与{start}相比，{end}减少了{by}。"),
    ),
    "last_change none": (B("{end} is level with {start}.", "{end}与{start}持平。"),),
    "trend up": (
        B(
            "The trend is upward and {strength}, about {slope} a {step}; {sure}.",
            "整体呈{strength}的上升趋势，平均每{step}约增加{slope}，{sure}。",
        ),
        B(
            "Over the whole span it climbs by about {slope} a {step}, a {strength} trend; {sure}.",
            "总体上每{step}大约增加{slope}，上升趋势{strength}，{sure}。",
        ),
    ),
    "trend down": (
        B(
            "The trend is downward and {strength}, about {slope} a {step}; {sure}.",
            "整体呈{strength}的下降趋势，平均每{step}约减少{slope}，{sure}。",
        ),
        B(
            "Over the whole span it drops by about {slope} a {step}, a {strength} trend; {sure}.",
            "总体上每{step}大约减少{slope}，下降趋势{strength}，{sure}。",
        ),
    ),
    "trend none": (
        B("No trend stands out: the ups and downs could well be chance.", "看不出明确的趋势，起伏可能只是偶然波动。"),
        B("It goes up and down without a trend that chance could not explain.", "数据有起有伏，没有统计上可靠的趋势。"),
    ),
    "trend unknown": (
        B("With only {periods} points in time, it is too early to speak of a trend.", "目前只有{periods}个时间点，还不足以判断趋势。"),
        B("{Periods} points in time are too few to tell a trend.", "仅凭{periods}个时间点，无法判断趋势。"),
    ),
    "season": (
        B(
            "There is a yearly pattern: {high} tends to be the highest and {low} the lowest.",
            "存在季节规律：每年{high}通常最高，{low}通常最低。",
        ),
    ),
    "partial until": (
        B(
            "{until_period} is not complete (the data end on {until}), so it is left out of these comparisons.",
            "{until_period}的数据只到{until}，尚不完整，因此没有纳入比较。",
        ),
    ),
    "partial since": (
        B(
            "{since_period} is not complete (the data begin on {since}), so it is left out of these comparisons.",
            "{since_period}的数据从{since}才开始，并不完整，因此没有纳入比较。",
        ),
    ),
    "partial both": (
        B(
            "The data run from {since} to {until}, so {since_period} and {until_period} are not complete and left out here.",
            "数据从{since}到{until}，{since_period}和{until_period}都不完整，因此没有纳入比较。",
        ),
    ),
    "gaps": (
        B(
            "There are no rows for {missing} of the {expected} {steps}.",
            "这段时间共{expected}{steps}，其中{missing}{steps}没有数据。",
        ),
    ),
    # ---------------------------------------------------------------------------------------- over categories
    "extremes period": (
        B(
            "The highest value is {high} {high_when}, the lowest {low} {low_when}.",
            "最高点在{high_at}（{high}），最低点在{low_at}（{low}）。",
        ),
        B("It peaked {high_when} at {high} and was lowest {low_when} at {low}.", "{high_at}达到最高的{high}，{low_at}则最低，为{low}。"),
    ),
    "extremes category": (
        B(
            "{high_at} has the highest {measure}, {high}; {low_at} the lowest, {low}.",
            "{high_at}的{measure}最高，为{high}；{low_at}最低，为{low}。",
        ),
        B(
            "{Measure} is highest for {high_at} ({high}) and lowest for {low_at} ({low}).",
            "{measure}最高的是{high_at}（{high}），最低的是{low_at}（{low}）。",
        ),
    ),
    "extremes category shown": (
        B(
            "Among the {groups} shown, {high_at} has the highest {measure}, {high}, and {low_at} the lowest, {low}.",
            "在所列的{groups}项中，{high_at}的{measure}最高，为{high}；{low_at}最低，为{low}。",
        ),
    ),
    "extremes": (B("{Measure} runs from {low} to {high}.", "{measure}介于{low}和{high}之间。"),),
    "tied high": (B("{ties} of {groups} share the highest value.", "{groups}项中有{ties}项并列最高。"),),
    "tied low": (B("{ties} of {groups} share the lowest value.", "{groups}项中有{ties}项并列最低。"),),
    "constant": (B("{Measure} is {value} throughout, in all {groups} rows.", "全部{groups}行的{measure}都是{value}。"),),
    "share": (
        B("{category} alone makes up {percent} of the total of {total}.", "仅{category}就占总计{total}的{percent}。"),
        B("Of the total of {total}, {percent} falls to {category}.", "总计{total}，其中{category}占{percent}。"),
    ),
    "share shown": (B("Of the {total} shown here, {percent} falls to {category}.", "所列各项合计{total}，其中{category}占{percent}。"),),
    "top_share": (B("The top {top} ({categories}) account for {percent} together.", "前{top}名（{categories}）合计占{percent}。"),),
    "concentration": (B("{needed} of the {groups} make up {percent} of the whole.", "{groups}项中的{needed}项贡献了{percent}。"),),
    "spread": (
        B("The typical value (median) is {median}, the average {mean}.", "中位数为{median}，平均值为{mean}。"),
        B("The middle value (median) of the {groups} is {median}, the average {mean}.", "{groups}项的中位数是{median}，平均值是{mean}。"),
    ),
    "outlier": (
        B("{at} stands out with {value}, where about {typical} is typical.", "{at}比较特殊，为{value}，而一般水平约为{typical}。"),
        B("Unusual is {at}: {value} against a typical {typical}.", "值得留意的是{at}：{value}，明显偏离{typical}的一般水平。"),
    ),
    "outlier again": (
        B("{at} is far from the usual level of about {typical}.", "其中{at}明显偏离一般水平（约{typical}）。"),
        B("That makes {at} exceptional: about {typical} is typical.", "{at}属于异常值，一般水平约为{typical}。"),
    ),
    # ---------------------------------------------------------------------------------------- other shapes
    "peak": (B("The single highest value is {value}: {group}, {at}.", "单项最高值为{value}，出现在{at}的{group}。"),),
    "correlation up": (
        B(
            "The higher {other}, the higher {measure}: a {strength} relation (r = {r}, {points} points).",
            "{other}越高，{measure}往往也越高，相关性{strength}（r = {r}，共{points}个点）。",
        ),
    ),
    "correlation down": (
        B(
            "The higher {other}, the lower {measure}: a {strength} relation (r = {r}, {points} points).",
            "{other}越高，{measure}往往越低，相关性{strength}（r = {r}，共{points}个点）。",
        ),
    ),
    "correlation none": (
        B(
            "{Measure} and {other} show no relation that chance could not explain (r = {r}, {points} points).",
            "{measure}与{other}之间看不出可靠的关系（r = {r}，共{points}个点）。",
        ),
    ),
    "correlation unknown": (
        B(
            "With only {points} points, nothing can be said about how {measure} and {other} go together.",
            "只有{points}个点，还不能判断{measure}与{other}的关系。",
        ),
    ),
    "correlation constant": (
        B(
            "One of {measure} and {other} never changes, so there is no relation to measure.",
            "{measure}与{other}中有一项没有变化，无法衡量两者的关系。",
        ),
    ),
    "no cause": (B("This does not show that one causes the other.", "不过，相关并不意味着因果。"),),
    "distribution": (
        B(
            "The middle half of the {groups} values lies between {lower} and {upper}, around a median of {median}.",
            "{groups}个数值的中间一半落在{lower}到{upper}之间，中位数为{median}。",
        ),
    ),
    "range": (B("They run from {lowest} to {highest}, with an average of {mean}.", "最小为{lowest}，最大为{highest}，平均为{mean}。"),),
    "outliers": (B("{found} lie far from the rest, the farthest at {value}.", "有{found}个数值明显偏离其余数据，最远的是{value}。"),),
    "missing": (B("{missing} of {rows} rows have no value here and are left out.", "{rows}行中有{missing}行缺少数值，未计入。"),),
}

STRENGTHS: Mapping[str, Bilingual] = {"strong": B("strong", "非常明显"), "clear": B("clear", "比较明显"), "slight": B("slight", "轻微")}
RELATIONS: Mapping[str, Bilingual] = {"strong": B("strong", "很强"), "clear": B("moderate", "中等"), "slight": B("weak", "较弱")}
SURENESS: Mapping[bool, Bilingual] = {
    True: B("chance is a very unlikely explanation", "几乎不可能是偶然"),
    False: B("chance is an unlikely explanation, though not ruled out", "不太可能是偶然，但还不能完全排除"),
}
STEPS: Mapping[str, Bilingual] = {
    "year": B("year", "年"),
    "quarter": B("quarter", "季度"),
    "month": B("month", "月"),
    "week": B("week", "周"),
}
"""What follows "a" or 每; days where the grain is finer."""
COUNTED_STEPS: Mapping[str, Bilingual] = {
    "year": B("years", "年"),
    "quarter": B("quarters", "个季度"),
    "month": B("months", "个月"),
    "week": B("weeks", "周"),
}
DAY = B("day", "天")
DAYS = B("days", "天")
WHOLE = B("{} altogether", "{}合计")
BLANK = B("(blank)", "（空白）")
COMMA = B(", ", "、")
POINTS = B("{} percentage points", "{}个百分点")
