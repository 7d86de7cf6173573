# case: functional_toolbox
# style: operator, functools.reduce, map over zip; Lion optimizer found with getattr

# %% compile_model
OPTIMIZER, RATE = "Lion", 2e-3


def compile_model(model):
    optimizer = getattr(keras.optimizers, OPTIMIZER)(RATE)
    loss = keras.losses.get("sparse_categorical_crossentropy")
    model.compile(optimizer=optimizer, loss=loss, metrics=["accuracy"])
    return model

# %% train_model
def train_model(model, x, y, epochs=5):
    fit = model.fit
    return fit(x, y, epochs=epochs, initial_epoch=0, batch_size=8, verbose=0)

# %% first_layer_weights
from functools import reduce
from operator import methodcaller


def first_layer_weights(model):
    every_list = map(methodcaller("get_weights"), model.layers)
    all_arrays = reduce(lambda left, right: left + right, every_list, [])
    return all_arrays[0].copy()

# %% weight_change
from operator import sub


def weight_change(before, after):
    differences = map(sub, after, before)
    return list(map(float, map(np.max, map(np.abs, differences))))
