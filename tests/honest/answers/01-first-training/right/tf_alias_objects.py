# case: tf_alias_objects
# style: everything through tf.keras as objects with explicit arguments; verbose=2 in fit

# %% compile_model
import tensorflow as tf


def compile_model(model):
    model.compile(
        optimizer=tf.keras.optimizers.Adam(learning_rate=0.01),
        loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=False),
        metrics=[tf.keras.metrics.SparseCategoricalAccuracy(name="accuracy")],
    )
    return model


# %% train_model
def train_model(model, x, y, epochs=5):
    history = model.fit(x, y, epochs=epochs, batch_size=16, verbose=2)
    return history


# %% first_layer_weights
def first_layer_weights(model):
    for layer in model.layers:
        weights = layer.get_weights()
        if len(weights) > 0:
            return np.array(weights[0])


# %% weight_change
def weight_change(before, after):
    changes = []
    for b, a in zip(before, after):
        changes.append(float(tf.reduce_max(tf.abs(tf.subtract(a, b)))))
    return changes
