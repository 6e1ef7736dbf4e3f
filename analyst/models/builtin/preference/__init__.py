"""Which of several plans people mean by a question, learned from how its words and the plan's parts answer to each other."""

from analyst.models.builtin.preference.judgement import traits
from analyst.models.builtin.preference.scene import Scene
from analyst.models.builtin.preference.weights import CHARTS, WEIGHTS, preferred

__all__ = ["CHARTS", "WEIGHTS", "Scene", "preferred", "traits"]
