"""Plans one step away from a plan: another column for one of its, an output less or more, a test read otherwise."""

from analyst.models.builtin.variants.charts import chart_variants, is_chart, plain
from analyst.models.builtin.variants.heads import head_places
from analyst.models.builtin.variants.neighbourhood import variants

__all__ = ["chart_variants", "head_places", "is_chart", "plain", "variants"]
