# case: sequential_subclass
# style: a class that derives from keras.Sequential, with type hints and docstrings

# %% build_model
class OttoNet(keras.Sequential):
    """Word table, average, softmax."""

    DIMENSIONS: int = 20

    def __init__(self, vocabulary_size: int, n_intents: int, **kwargs) -> None:
        super().__init__(
            [
                keras.Input((SENTENCE_LENGTH,)),
                keras.layers.Embedding(vocabulary_size, self.DIMENSIONS),
                keras.layers.GlobalAveragePooling1D(),
                keras.layers.Dense(n_intents, activation="softmax"),
            ],
            **kwargs,
        )


def build_model(vocabulary_size: int, n_intents: int) -> keras.Sequential:
    """Build Otto's network."""
    return OttoNet(vocabulary_size, n_intents, name="otto_net")


# %% compile_model
def compile_model(model: keras.Model) -> keras.Model:
    """Adam, sparse crossentropy, accuracy."""
    optimizer: keras.optimizers.Optimizer = keras.optimizers.Adam(learning_rate=1e-2)
    loss: keras.losses.Loss = keras.losses.SparseCategoricalCrossentropy()
    model.compile(optimizer=optimizer, loss=loss, metrics=["accuracy"])
    return model


# %% train_model
from typing import Any


def train_model(model: keras.Model, x: np.ndarray, y: np.ndarray, epochs: int) -> Any:
    """Train and give back the history."""
    return model.fit(x, y, epochs=epochs, verbose=0)


# %% reply
def reply(model: keras.Model, sentence: str) -> str:
    """Answer one sentence."""
    probabilities: np.ndarray = model.predict(vectorize([sentence]), verbose=0)[0]
    intent: int = int(np.argmax(probabilities))
    return REPLIES[intent]

