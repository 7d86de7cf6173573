# case: config_class_defaults
# style: a frozen dataclass with the settings, functools.partial, default arguments bound to the notebook's names
# borderline: REPLIES and vectorize are bound as default arguments when the cell runs

# %% build_model
from dataclasses import dataclass
from functools import partial


@dataclass(frozen=True)
class Settings:
    dimensions: int = 18
    learning_rate: float = 0.01
    batch_size: int = 20


SETTINGS = Settings()


def build_model(vocabulary_size, n_intents, settings=SETTINGS):
    table = partial(keras.layers.Embedding, output_dim=settings.dimensions)
    return keras.Sequential((
        keras.Input((SENTENCE_LENGTH,)),
        table(vocabulary_size),
        keras.layers.SpatialDropout1D(0.1),
        keras.layers.GlobalAveragePooling1D(),
        keras.layers.Dense(n_intents, activation="softmax"),
    ))


# %% compile_model
def compile_model(model, settings=SETTINGS):
    model.compile(
        optimizer=keras.optimizers.Adam(settings.learning_rate, beta_2=0.99),
        loss="sparse_categorical_crossentropy",
        metrics=[keras.metrics.SparseCategoricalAccuracy("acc")],
    )
    return model


# %% train_model
def train_model(model, x, y, epochs, settings=SETTINGS):
    return model.fit(x, y, batch_size=settings.batch_size, epochs=epochs, verbose=0)


# %% reply
def reply(model, sentence, replies=REPLIES, encode=vectorize):
    return replies[np.argmax(model.predict(encode([sentence]), verbose=0))]
