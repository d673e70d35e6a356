import pytest
from assistant import train_in
from rasa.engine.exceptions import GraphComponentException

CONFIG = """
recipe: default.v1
assistant_id: respite
language: en
pipeline: [{{name: WhitespaceTokenizer}}, {{name: CountVectorsFeaturizer}}{component}]
policies: [{{name: {policy}}}]
"""

RETRIEVAL_INTENTS = """
version: "3.1"
nlu:
- {intent: greet/morning, examples: "- good morning to you\n- morning all"}
- {intent: greet/evening, examples: "- good evening to you\n- evening all"}
responses:
  utter_greet/morning: [{text: Good morning.}]
  utter_greet/evening: [{text: Good evening.}]
"""
STORY = """
version: "3.1"
stories:
- story: a greeting
  steps: [{intent: greet}, {action: utter_greet}]
"""


def test_placeholders_can_be_subclassed_indexed_and_used_as_decorators():
    import tensorflow as tf
    from tensorflow.keras.utils import Sequence
    from tensorflow.types.experimental import TensorLike

    class Layer(tf.keras.layers.Layer):
        """A layer, as Rasa declares them."""

    @tf.function
    def plain():
        return "plain"

    @tf.function(input_signature=None)
    def with_options():
        return "with options"

    assert issubclass(Layer, tf.keras.layers.Layer.__mro__[1])
    assert TensorLike[Sequence] is TensorLike
    assert plain() == "plain"
    assert with_options() == "with options"


def test_whoever_uses_a_placeholder_is_told_the_remedy():
    import tensorflow as tf

    class Layer(tf.keras.layers.Layer):
        """A layer, as Rasa declares them."""

    with pytest.raises(tf.TensorFlowNotInstalledError, match="override-dependencies"):
        Layer()
    with pytest.raises(tf.TensorFlowNotInstalledError, match="override-dependencies"):
        tf.constant(1)


@pytest.mark.parametrize(
    ("component", "policy"),
    [
        (", {name: DIETClassifier}", "RulePolicy"),
        (", {name: ResponseSelector}", "RulePolicy"),
        ("", "TEDPolicy"),
        ("", "UnexpecTEDIntentPolicy"),
    ],
)
def test_a_component_that_needs_tensorflow_names_the_remedy(tmp_path, component, policy):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "retrieval.yml").write_text(RETRIEVAL_INTENTS, encoding="utf-8")
    (tmp_path / "data" / "stories.yml").write_text(STORY, encoding="utf-8")
    with pytest.raises(GraphComponentException) as failure:
        train_in(tmp_path, CONFIG.format(component=component, policy=policy))
    assert "uv sync --only-group rasa" in str(failure.value.__cause__)
