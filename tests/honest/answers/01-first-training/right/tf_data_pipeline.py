# case: tf_data_pipeline
# style: fit gets a tf.data pipeline instead of arrays; Nadam

# %% compile_model
def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.Nadam(learning_rate=0.01),
        loss=keras.losses.SparseCategoricalCrossentropy(),
        metrics=["accuracy"],
    )
    return model


# %% train_model
import tensorflow as tf

AUTOTUNE = tf.data.AUTOTUNE


def make_dataset(x, y, batch_size=16):
    ds = tf.data.Dataset.from_tensor_slices((x, y))
    ds = ds.cache().shuffle(buffer_size=len(x), reshuffle_each_iteration=True)
    return ds.batch(batch_size).prefetch(AUTOTUNE)


def train_model(model, x, y, epochs=5):
    return model.fit(make_dataset(x, y), epochs=epochs, verbose=0)


# %% first_layer_weights
def first_layer_weights(model):
    first = next(layer for layer in model.layers if layer.weights)
    return first.kernel.numpy().copy()


# %% weight_change
def weight_change(before, after):
    return [float(np.max(np.abs(np.subtract(after[k], before[k])))) for k in range(len(before))]
