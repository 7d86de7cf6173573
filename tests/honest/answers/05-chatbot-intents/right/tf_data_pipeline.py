# case: tf_data_pipeline
# style: fit on a shuffled tf.data pipeline; int32 input; tf tensors

# %% build_model
def build_model(vocabulary_size, n_intents):
    model = keras.Sequential([
        keras.layers.Embedding(input_dim=vocabulary_size, output_dim=16),
        keras.layers.GlobalAveragePooling1D(),
        keras.layers.Dense(units=n_intents, activation="softmax"),
    ])
    model.build((None, SENTENCE_LENGTH))   # no Input layer: build by hand
    return model


# %% compile_model
def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.get({"class_name": "Adam", "config": {"learning_rate": 0.01}}),
        loss=keras.losses.get("sparse_categorical_crossentropy"),
        metrics=["accuracy"],
        jit_compile=False,
    )
    return model


# %% train_model
import tensorflow as tf


def train_model(model, x, y, epochs):
    dataset = tf.data.Dataset.from_tensor_slices((x, y))
    dataset = dataset.shuffle(len(x)).batch(32).prefetch(tf.data.AUTOTUNE)
    return model.fit(dataset, epochs=epochs, verbose=0)


# %% reply
import tensorflow as tf


def reply(model, sentence):
    ids = tf.convert_to_tensor(vectorize([sentence]))
    probabilities = model(ids, training=False).numpy().squeeze()
    return REPLIES[probabilities.argmax()]

