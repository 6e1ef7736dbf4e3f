"""Every word of the page, in English and in Chinese; blanks in braces are filled by say()."""

from __future__ import annotations

from analyst.terms import Bilingual as B
from analyst.terms import Mark, Role

# ------------------------------------------------------------------------------------------------ everywhere
PRODUCT = B("Analyst", "数据分析助手")
CHAT, DATA, DASHBOARD = B("Chat", "提问"), B("Data", "数据"), B("Dashboard", "仪表板")
LANGUAGE = B("Language", "语言")
ABOUT = B(
    "Ask your tables in plain English or Chinese. Everything runs on this machine; nothing is sent anywhere else.",
    "用日常语言向表格提问。所有计算都在本机完成，不会向外发送任何内容。",
)
UNEXPECTED = B(
    "**This part of the page could not be shown.**\n\nYour data and conversations are safe. Reload the page; if it happens again, "
    "look into the program's log, which holds the details.",
    "**这部分页面无法显示。**\n\n您的数据和对话没有丢失。请刷新页面；如果再次出现，程序日志中有详细记录。",
)
ONE_ROW, MANY_ROWS = B("{count} row", "{count} 行"), B("{count} rows", "{count} 行")
ONE_COLUMN, MANY_COLUMNS = B("{count} column", "{count} 列"), B("{count} columns", "{count} 列")
SAVE, CANCEL, RENAME, DELETE, REMOVE = (
    B("Save", "保存"),
    B("Cancel", "取消"),
    B("Rename", "重命名"),
    B("Delete", "删除"),
    B("Remove", "移除"),
)
NAME, STOP, MORE = B("Name", "名称"), B("Stop", "停止"), B("More", "更多")
AND = B(", ", "、")

# ------------------------------------------------------------------------------------------------ conversations
NEW_CONVERSATION = B("New conversation", "新对话")
CONVERSATIONS = B("Conversations", "对话")
NO_CONVERSATIONS = B("Your questions will be kept here.", "您的提问会保存在这里。")
DELETE_CONVERSATION = B(
    "Delete this conversation and its answers? Pinned tiles stay.", "删除这个对话及其中的回答？已固定到仪表板的图块会保留。"
)
EARLIER = B("Show earlier questions", "显示更早的问题")

# ------------------------------------------------------------------------------------------------ asking
ASK = B("Ask about your data, or drop a file here", "就您的数据提问，或把文件拖到这里")
WELCOME = B("What would you like to know?", "想了解什么？")
WELCOME_ANSWERS = B(
    "Each answer comes with its rows, a chart, and how your question was read.", "每个回答都附有数据行、图表，并说明您的问题是如何理解的。"
)
WELCOME_TABLES = B("You can ask about {tables}.", "现在可以询问：{tables}。")
TABLE_WITH_ROWS = B("{table} ({rows})", "{table}（{rows}）")
AND_MORE = B("and {count} more", "以及另外 {count} 个表")
TRY = B("Try one of these", "可以这样问")
NO_DATA = B("There is no data yet.", "还没有数据。")
NO_DATA_HINT = B(
    "Drop a CSV, Excel, JSON or Parquet file into the field below, or add it on the Data page.",
    "把 CSV、Excel、JSON 或 Parquet 文件拖到下方输入框，或在“数据”页面添加。",
)
ADD_DATA = B("Add data", "添加数据")
STOPPED = B("Stopped. There is no answer to this question.", "已停止，这个问题没有得到回答。")
ASK_AGAIN = B("Ask again", "重新提问")
ASK_BUILTIN = B("Answer with the built-in model", "改由内置模型回答")
ANSWERED_BY = B("Answers by: {model}", "作答模型：{model}")
QUEUE = B("{running} being written, {waiting} waiting", "正在生成 {running} 个，等待 {waiting} 个")
SECONDS = B("{seconds} s", "{seconds} 秒")
COST = B("Model server", "模型服务器")
COST_OF = B("{calls} calls, {read} tokens read, {written} written", "调用 {calls} 次，读入 {read} 个词元，写出 {written} 个")

WAITING = B("Others are being answered: yours is number {number} in the queue", "正在回答其他人：您的问题排在第 {number} 位")
READING = B("Reading the question", "正在理解问题")
SPEAKS_OF = B("It speaks of {names}", "涉及：{names}")
WRITING = B("Writing the SQL", "正在写 SQL")
WRITING_AGAIN = B("Writing the SQL again: the last one could not run", "重新写 SQL：上一个无法运行")
RUNNING = B("Running the query", "正在查询")
GOT_ROWS = B("{rows} in {seconds} s", "{rows}，用时 {seconds} 秒")
CHOOSING = B("Choosing a chart", "正在选择图表")
CHOSE = B("Chart: {mark}", "图表：{mark}")
COMMENTING = B("Writing the commentary", "正在撰写说明")

# ------------------------------------------------------------------------------------------------ answers
CHART_TAB, ROWS_TAB, SQL_TAB, RECEIPT_TAB = B("Chart", "图表"), B("Rows", "数据行"), B("SQL", "SQL"), B("How I read this", "理解方式")
SURE, FAIRLY, UNSURE = B("sure", "有把握"), B("fairly sure", "比较有把握"), B("unsure – please check", "把握不大，请核对")
BY_PERSON = B("as you chose", "由您指定")
CONFIDENCE = B("Confidence", "把握")
MEASURES, GROUPING, FILTERS, PERIOD = B("Measures", "度量"), B("Grouped by", "分组"), B("Filters", "筛选"), B("Period", "时间范围")
ORDERING, SCANNED, MATCHED = B("Order", "排序"), B("Rows looked at", "扫描行数"), B("Rows after filters", "筛选后行数")
MISSING, MODEL, TIME, TRIES = (
    B("Left out because missing", "因缺失而未计入"),
    B("Model", "模型"),
    B("Time", "用时"),
    B("Refused before", "之前未通过的查询"),
)
MISSING_IN = B("{column}: {rows}", "{column}：{rows}")
NOTES = B("Taken for granted", "默认的理解")
NONE = B("none", "无")
ALL_ROWS = B("all rows", "全部行")
MODEL_BUILTIN = B("built-in, on this machine", "内置模型，在本机运行")
OR_MEAN = B("Or did you mean", "或者您想问的是")
TRUNCATED = B("Only the first {rows} are shown; the query gives more.", "仅显示前 {rows}，查询结果更多。")
TRUNCATED_SIZE = B(
    "Only the first {rows} are shown: the rows hold too much text to show them all.",
    "仅显示前 {rows}：结果中的文本过大，无法全部显示。",
)
EMPTY_RESULT = B("The query ran, but no row fits it.", "查询已运行，但没有符合条件的行。")
SHOWN_ROWS = B("{rows}, {columns}", "{rows}，{columns}")

CHANGE_CHART = B("Change chart", "更改图表")
CHART_KIND, X_AXIS, Y_AXIS, COLOR = B("Kind", "类型"), B("Across", "横轴"), B("Values", "数值"), B("Colour", "颜色")
NO_COLOR = B("No colour", "不分色")
ORIGINAL_CHART = B("Back to the first chart", "恢复原图表")

EXPORT = B("Export", "导出")
IMAGE = B("Image (PNG, SVG)", "图片（PNG、SVG）")
PIN, PIN_TO, PIN_TITLE, PINNED = (
    B("Pin", "固定"),
    B("Dashboard", "仪表板"),
    B("Title", "标题"),
    B("Pinned to {dashboard}", "已固定到“{dashboard}”"),
)
PIN_IT = B("Pin to dashboard", "固定到仪表板")
NEW_DASHBOARD, FIRST_DASHBOARD = B("New dashboard", "新建仪表板"), B("My dashboard", "我的仪表板")
REASON_UP, REASON_DOWN = B("What was good? (optional)", "好在哪里？（可不填）"), B("What was wrong? (optional)", "问题在哪里？（可不填）")
SEND, THANKS = B("Send", "提交"), B("Thank you, noted.", "谢谢，已记录。")

SQL_EXPLAINED = B("In words", "用文字说明")
EDIT_SQL, RUN = B("Edit the SQL", "编辑 SQL"), B("Run", "运行")
SQL_BOX = B("SQL (one SELECT)", "SQL（一条 SELECT）")
SQL_STOPPED = B("Stopped; the answer is as it was.", "已停止，回答保持原样。")
UNDO = B("Undo", "撤销")
TRIED = B("What was tried", "尝试过的查询")
TRIED_ERROR = B("It said: {error}", "返回：{error}")

MARKS: dict[Mark, B] = {
    "number": B("number", "数字"),
    "bar": B("bars", "条形图"),
    "grouped_bar": B("grouped bars", "分组条形图"),
    "stacked_bar": B("stacked bars", "堆叠条形图"),
    "line": B("line", "折线图"),
    "area": B("area", "面积图"),
    "scatter": B("points", "散点图"),
    "pie": B("pie", "饼图"),
    "histogram": B("histogram", "直方图"),
    "box": B("box plot", "箱线图"),
    "heatmap": B("heatmap", "热力图"),
    "table": B("table", "表格"),
}

# ------------------------------------------------------------------------------------------------ data
DATA_CAPTION = B("What your questions can use. Your files stay as they are.", "提问时可以使用的数据。原始文件不会被改动。")
UPLOAD = B(
    "Drop files here: CSV, TSV, JSON, Parquet, Excel, DuckDB, SQLite; also in a zip or gz",
    "把文件拖到这里：CSV、TSV、JSON、Parquet、Excel、DuckDB、SQLite，也可以是 zip 或 gz 压缩包",
)
CHOOSE_FILES, EACH_UP_TO = B("Choose files", "选择文件"), B("Up to {size} MB each", "每个文件最大 {size} MB")
UNDERSTOOD = B("Understood", "知道了")
LARGE = B("A very large file", "超大文件")
LARGE_OR_LOCAL = B("A very large file, or one that lies on this computer", "超大文件，或已在本机上的文件")
BY_PATH = B("Path of a file on this computer", "本机文件路径")
BY_PATH_HINT = B("It is read where it lies and is not copied; any size works.", "直接在原处读取，不复制，大小不限。")
BY_PATH_EXAMPLE = B("/home/me/sales.csv", "/home/me/sales.csv")
NO_SUCH_FILE, NO_SUCH_FILE_HINT = (
    B("There is no file at {path}.", "{path} 处没有文件。"),
    B("Check the spelling; the path must begin at the root of the disk.", "请检查拼写；路径需从磁盘根目录写起。"),
)
ADD = B("Add", "添加")
ADDING = B("Adding {names}", "正在添加 {names}")
ADDED_NEW = B("{table} was added: {rows}, {columns}.", "已添加“{table}”：{rows}，{columns}。")
ADDED_OVER = B("{table} was read anew and replaced: {rows}, {columns}.", "“{table}”已重新读取并替换：{rows}，{columns}。")
ADDED_REJECTED = B("{rows} could not be read.", "其中 {rows}无法读取。")
ADD_STOPPED = B("Stopped. Your tables are as they were.", "已取消，数据表保持原样。")
ASK_NOW = B("Ask a question", "去提问")
COUNTING = B("Looking through the cells…", "正在查看单元格…")

TABLES = B("Tables", "数据表")
NO_TABLES = B("No tables yet. Add a file above.", "还没有数据表，请在上方添加文件。")
COLUMNS_TAB, FIRST_ROWS_TAB, REPORT_TAB = B("Columns", "列"), B("First rows", "前几行"), B("How it was read", "读取方式")
REJECTED_TAB = B("Rejected rows ({count})", "未读入的行（{count}）")
COLUMNS_HINT = B(
    "Change a name, type, role, unit or description right in the grid, then save.",
    "可直接在表格中修改名称、类型、用途、单位或说明，然后保存。",
)
COLUMN, TYPE, ROLE, UNIT, DESCRIPTION = (
    B("Column", "列名"),
    B("Type", "类型"),
    B("Role", "用途"),
    B("Unit", "单位"),
    B("Description", "说明"),
)
MISSING_SHARE, DISTINCT, SAMPLES, RANGE = B("Missing", "缺失"), B("Different", "不同值"), B("Samples", "示例"), B("Range", "范围")
RANGE_WORDS = B("{low} to {high}", "{low} 至 {high}")
SAVE_COLUMNS = B("Save changes", "保存修改")
EMPTY_NAME = B("A column needs a name.", "列名不能为空。")
TWICE_NAMED = B("Two columns would be called {name}.", "会有两列都叫“{name}”。")
RENAME_HINT = B("Give each column a name of its own, then save again.", "请为每列取不同的名称后再保存。")
NOT_REREADABLE = B("Names and types of {table} cannot be changed here.", "无法在这里修改“{table}”的列名和类型。")
NOT_REREADABLE_HINT = B("It came with a database, or its file is no longer where it was.", "它来自数据库，或者原文件已不在原处。")
DATE_ORDER = B("Dates in {column} fit more than one order", "“{column}”中的日期有不止一种读法")
ORDER_CHOSEN = B("Dates in {column} are read as {order}, as you chose", "按您的选择，“{column}”中的日期按 {order} 读取")
FIND_ORDER = B("Find the order out again", "重新自动判断")
SWITCH = B("Read again this way", "按此重新读取")
REMOVE_TABLE = B("Remove table", "移除数据表")
REMOVE_TABLE_SURE = B("Take {table} out of your data? The file it came from stays.", "把“{table}”从数据中移除？原文件会保留。")
FILE, ENCODING, DELIMITER, SKIPPED, SHEET, HEADER = (
    B("File", "文件"),
    B("Encoding", "编码"),
    B("Delimiter", "分隔符"),
    B("Lines skipped at the top", "顶部跳过的行"),
    B("Sheet", "工作表"),
    B("Header lines", "表头行数"),
)
TAB, SPACE = B("tab", "制表符"), B("space", "空格")
UNREAD_CELLS = B(
    "{column}: {count} cells could not be read as {type} and are empty in the table", "{column}：{count} 个单元格无法读作{type}，表中留空"
)
REJECTED_HINT = B(
    "These lines of the file did not fit the table. Nothing else was left out.", "文件中的这些行与表格不符，其余内容均已读入。"
)
LINE, REASON, TEXT = B("Line", "行号"), B("Reason", "原因"), B("Text", "原文")
DOWNLOAD_REJECTED = B("Download rejected rows", "下载未读入的行")
NOTHING_TO_REPORT = B("Nothing unusual: every line was read as it stands.", "没有异常：每一行都已按原样读入。")

JOINS = B("How tables belong together", "数据表之间的关系")
JOINS_HINT = B("Rows of the left table find at most one row of the right one.", "左表的每一行最多对应右表的一行。")
NO_JOINS = B("No two tables have a column in common, as far as the values show.", "从数据看，还没有两个表有共同的列。")
JOIN_SHARE = B("{share} of the values match", "{share} 的值能对上")
JOIN_ORIGIN = {
    "declared": B("declared in the database", "数据库中已声明"),
    "proved": B("found in the data", "由数据推断"),
    "person": B("confirmed by you", "已由您确认"),
}
CONFIRM = B("Confirm", "确认")
ADD_JOIN, FROM_COLUMN, TO_COLUMN = B("Add a relation", "添加关系"), B("Many rows", "多的一方"), B("One row", "一的一方")
COLUMN_OF = B("{table} · {column}", "{table} · {column}")

ROLES: dict[Role, B] = {
    "dimension": B("Category", "类别"),
    "measure": B("Number to sum", "数值（可汇总）"),
    "time": B("Date or time", "日期时间"),
    "identifier": B("Identifier", "编号"),
    "text": B("Free text", "文本"),
}
TYPES: dict[str, B] = {
    "BIGINT": B("Whole number", "整数"),
    "DOUBLE": B("Decimal number", "小数"),
    "VARCHAR": B("Text", "文本"),
    "DATE": B("Date", "日期"),
    "TIMESTAMP": B("Date and time", "日期和时间"),
    "BOOLEAN": B("Yes or no", "是/否"),
}
DATE_PARTS = {
    "%d": B("day", "日"),
    "%m": B("month", "月"),
    "%Y": B("year", "年"),
    "%y": B("year", "年"),
    "%b": B("month", "月"),
    "%B": B("month", "月"),
}

# ------------------------------------------------------------------------------------------------ dashboard
NO_TILES = B("Nothing is pinned here yet.", "这里还没有固定任何内容。")
NO_TILES_HINT = B("Ask a question, then choose Pin beneath its answer.", "先提一个问题，再在回答下方选择“固定”。")
REFRESH, REFRESH_ALL = B("Refresh", "刷新"), B("Refresh all", "全部刷新")
STALE = B("The data has changed since.", "数据此后有更新。")
SEEN = B("As of {when}", "截至 {when}")
REFRESHING = B("Refreshing {title}", "正在刷新“{title}”")
DATES, FROM_DAY, TO_DAY = B("Dates", "日期"), B("From", "从"), B("To", "到")
PRESETS: dict[str, B] = {
    "": B("All dates", "全部日期"),
    "last_30_days": B("Last 30 days", "最近 30 天"),
    "last_90_days": B("Last 90 days", "最近 90 天"),
    "this_year": B("This year", "今年"),
    "last_year": B("Last year", "去年"),
    "last_12_months": B("Last 12 months", "最近 12 个月"),
    "custom": B("Days of your choice", "自选日期"),
}
UNFILTERED = B("Its tables have no date: not filtered.", "该图块的表没有日期，未按日期筛选。")
EARLIER_PLACE, LATER_PLACE = B("Move forward", "前移"), B("Move back", "后移")
WIDTH = B("Width", "宽度")
WIDTHS: dict[int, B] = {4: B("A third", "三分之一"), 6: B("Half", "一半"), 8: B("Two thirds", "三分之二"), 12: B("Full", "整行")}
EXPORT_HTML = B("Export as HTML", "导出为 HTML")
DELETE_DASHBOARD = B("Delete this dashboard and its tiles?", "删除这个仪表板及其图块？")
REMOVE_TILE = B("Remove tile", "移除图块")
UNREADABLE_TILE = B("This tile's rows can no longer be read. Refresh it.", "无法再读取这个图块的数据，请刷新。")
