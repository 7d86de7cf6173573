# case: bigru_max
# style: bidirectional GRU over all words, max over time; tf.keras instead of keras

# %% build_model
import tensorflow as tf


def build_model(vocabulary_size, n_intents):
    layers = tf.keras.layers
    return tf.keras.Sequential([
        tf.keras.layers.Input(shape=(SENTENCE_LENGTH,)),
        layers.Embedding(vocabulary_size, 24),
        layers.SpatialDropout1D(0.1),
        layers.Bidirectional(layers.GRU(16, return_sequences=True)),
        layers.GlobalMaxPooling1D(),
        layers.Dense(n_intents, activation=tf.nn.softmax),
    ])


# %% compile_model
import tensorflow as tf


def compile_model(model):
    model.compile(
        optimizer=tf.keras.optimizers.Adam(5e-3),
        loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=False),
        metrics=[tf.keras.metrics.SparseCategoricalAccuracy(name="accuracy")],
    )
    return model


# %% train_model
def train_model(model, x, y, epochs):
    return model.fit(x, y, epochs=epochs, verbose=2)


# %% reply
import tensorflow as tf


def reply(model, sentence):
    output = model.predict(vectorize([sentence]), verbose=0)
    label = tf.argmax(output, axis=1).numpy()[0]
    return REPLIES[label]

