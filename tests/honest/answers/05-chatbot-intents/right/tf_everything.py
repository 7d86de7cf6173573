# case: tf_everything
# style: tf.keras, a tf.data pipeline, tf.argmax, tf.gather on string tensors

# %% build_model
import tensorflow as tf

def build_model(vocabulary_size, n_intents):
    """Build a network that takes word ids and gives a probability for each intent."""
    return tf.keras.models.Sequential([
        tf.keras.layers.Input(shape=(SENTENCE_LENGTH,)),
        tf.keras.layers.Embedding(vocabulary_size, 16, name="embedding"),
        tf.keras.layers.GlobalAveragePooling1D(),
        tf.keras.layers.Dense(24, activation=tf.nn.relu),
        tf.keras.layers.Dense(n_intents, activation=tf.nn.softmax),
    ])

# %% compile_model
import tensorflow as tf

def compile_model(model):
    """Set how the model learns from intent numbers."""
    model.compile(
        optimizer=tf.keras.optimizers.Adam(learning_rate=0.01),
        loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=False),
        metrics=[tf.keras.metrics.SparseCategoricalAccuracy(name="accuracy")],
    )
    return model

# %% train_model
import tensorflow as tf

def train_model(model, x, y, epochs):
    """Train a compiled model."""
    dataset = (
        tf.data.Dataset.from_tensor_slices((x, y))
        .shuffle(buffer_size=len(x), reshuffle_each_iteration=True)
        .batch(32)
        .prefetch(tf.data.AUTOTUNE)
    )
    return model.fit(dataset, epochs=epochs)

# %% reply
import tensorflow as tf

def reply(model, sentence):
    """Answer one sentence."""
    ids = tf.constant(vectorize([sentence]))
    probabilities = model(ids, training=False)
    best = tf.argmax(probabilities, axis=-1)[0]
    return tf.gather(tf.constant(REPLIES), best).numpy().decode("utf-8")
