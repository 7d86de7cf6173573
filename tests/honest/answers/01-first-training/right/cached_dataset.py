# case: cached_dataset
# style: cached_dataset

import tensorflow as tf

# %% compile_model
def compile_model(model):
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

# %% train_model
def train_model(model, x, y, epochs=5):
    data = tf.data.Dataset.from_tensor_slices((x, y)).cache().shuffle(len(x), seed=1).batch(16).prefetch(tf.data.AUTOTUNE)
    return model.fit(data, epochs=epochs, verbose=0)

# %% rest
def first_layer_weights(model):
    for layer in model.layers:
        if layer.get_weights():
            return layer.get_weights()[0]

def weight_change(before, after):
    return [float(np.abs(a - b).max()) for b, a in zip(before, after)]
