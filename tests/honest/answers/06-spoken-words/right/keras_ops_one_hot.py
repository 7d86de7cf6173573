# case: keras_ops_one_hot
# style: backend-neutral keras.ops: the confusion matrix is a product of two one-hot matrices

# %% build_model
def build_model(frames, mel_bins, n_words):
    clip = keras.Input((frames, mel_bins))
    h = keras.layers.Conv1D(64, 5, padding="same")(clip)
    h = keras.ops.relu(h)
    h = keras.layers.Conv1D(64, 5, padding="same")(h)
    h = keras.ops.relu(h)
    h = keras.ops.max(h, axis=1)
    h = keras.layers.Dense(64)(h)
    h = keras.ops.gelu(h)
    h = keras.layers.Dense(n_words)(h)
    return keras.Model(clip, keras.ops.softmax(h))

# %% compile_model
def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.get({"class_name": "Adam", "config": {"learning_rate": 0.002}}),
        loss=keras.losses.get("sparse_categorical_crossentropy"),
        metrics=[keras.metrics.get("sparse_categorical_accuracy")],
    )
    return model

# %% train_model
def train_model(model, x, y, epochs=5):
    x = keras.ops.convert_to_tensor(x, dtype="float32")
    y = keras.ops.convert_to_tensor(y, dtype="int32")
    return model.fit(x, y, epochs=epochs, verbose=0)

# %% most_confused
def most_confused(model, x, y):
    ops = keras.ops
    probabilities = ops.convert_to_tensor(model.predict(x, verbose=0))
    n = probabilities.shape[-1]
    said = ops.one_hot(ops.cast(y, "int32"), n, dtype="float32")
    heard = ops.one_hot(ops.argmax(probabilities, axis=-1), n, dtype="float32")
    wrong = ops.matmul(ops.transpose(said), heard) * (1.0 - ops.eye(n, dtype="float32"))
    if float(ops.max(wrong)) == 0:
        return None
    place = int(ops.argmax(ops.reshape(wrong, (-1,))))
    return divmod(place, n)
