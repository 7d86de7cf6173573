# case: dataclass_settings
# style: a frozen dataclass with all settings at the top; the other functions read it

# %% build_model
from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    width: int = 16
    hidden: int = 32
    dropout: float = 0.2


SETTINGS = Settings()


def build_model(vocabulary_size, n_intents):
    """Build a network that takes word ids and gives a probability for each intent."""
    s = SETTINGS
    return keras.Sequential([
        keras.Input((SENTENCE_LENGTH,)),
        keras.layers.Embedding(vocabulary_size, s.width),
        keras.layers.GlobalAveragePooling1D(),
        keras.layers.Dense(s.hidden, activation="gelu"),
        keras.layers.Dropout(s.dropout),
        keras.layers.Dense(n_intents, activation="softmax"),
    ])

# %% compile_model
LEARNING = {
    "optimizer": lambda: keras.optimizers.Adam.from_config({"learning_rate": 0.01}),
    "loss": "sparse_categorical_crossentropy",
    "metrics": ("accuracy",),
}


def compile_model(model):
    """Set how the model learns from intent numbers."""
    model.compile(optimizer=LEARNING["optimizer"](), loss=LEARNING["loss"], metrics=list(LEARNING["metrics"]))
    return model

# %% train_model
FIT_OPTIONS = dict(batch_size=24, verbose=0, shuffle=True)


def train_model(model, x, y, epochs):
    """Train a compiled model."""
    return model.fit(x, y, epochs=epochs, **FIT_OPTIONS)

# %% reply
def reply(model, sentence):
    """Answer one sentence."""
    answers = dict(enumerate(REPLIES))
    return answers[int(model.predict(vectorize([sentence]), verbose=0).argmax(axis=-1)[0])]
