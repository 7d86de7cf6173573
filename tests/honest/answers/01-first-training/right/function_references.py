# case: function_references
# style: loss and metric as plain functions from keras.losses and keras.metrics, not names or objects

# %% compile_model
from keras.losses import sparse_categorical_crossentropy
from keras.metrics import sparse_categorical_accuracy
from keras.optimizers import Adam


def compile_model(model):
    model.compile(
        optimizer=Adam(learning_rate=0.01),
        loss=sparse_categorical_crossentropy,
        metrics=[sparse_categorical_accuracy],
    )
    return model


# %% train_model
def train_model(model, x, y, epochs=5):
    return model.fit(x, y, batch_size=16, epochs=epochs, verbose="auto")


# %% first_layer_weights
def first_layer_weights(model):
    return keras.ops.convert_to_numpy(model.trainable_weights[0]).copy()


# %% weight_change
from functools import partial


def weight_change(before, after):
    biggest = partial(np.linalg.norm, ord=np.inf)
    return [float(biggest((new - old).reshape(-1))) for old, new in zip(before, after)]
