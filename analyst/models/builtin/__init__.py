"""The built-in model: a question and a profiled schema to SQL on the CPU in milliseconds, with how sure it is."""

from analyst.models.builtin.model import BuiltinModel

__all__ = ["BuiltinModel"]
