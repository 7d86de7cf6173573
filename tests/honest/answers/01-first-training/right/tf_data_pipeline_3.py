"""Style: tf.data pipeline with shuffle, batch and prefetch; TensorFlow for the arithmetic."""
import tensorflow as tf
import keras


def compile_model(model):
    model.compile(
        loss=keras.losses.sparse_categorical_crossentropy,
        optimizer=keras.optimizers.Adam(learning_rate=3e-3),
        metrics=["accuracy"],
    )
    return model


def train_model(model, x, y, epochs=5):
    ds = (
        tf.data.Dataset.from_tensor_slices((x, y))
        .shuffle(buffer_size=len(x), reshuffle_each_iteration=True)
        .batch(32)
        .prefetch(tf.data.AUTOTUNE)
    )
    return model.fit(ds, epochs=epochs, verbose=0)


def first_layer_weights(model):
    layer = next(layer for layer in model.layers if layer.weights)
    return tf.identity(layer.kernel).numpy().copy()


def weight_change(before, after):
    result = []
    for old, new in zip(before, after):
        d = tf.abs(tf.subtract(tf.convert_to_tensor(new), tf.convert_to_tensor(old)))
        result.append(float(tf.reduce_max(d)))
    return result
