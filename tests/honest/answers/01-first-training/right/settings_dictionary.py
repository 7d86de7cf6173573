# case: settings_dictionary
# style: compile and fit get their arguments from dictionaries; fit with **kwargs for more

# %% compile_model
def compile_model(model, **overrides):
    settings = dict(
        optimizer=keras.optimizers.get(
            {"class_name": "Adam", "config": {"learning_rate": 0.01}}
        ),
        loss={"class_name": "SparseCategoricalCrossentropy", "config": {}},
        metrics=["accuracy"],
    )
    settings["loss"] = keras.losses.get(settings["loss"])
    settings.update(overrides)
    model.compile(**settings)
    return model


# %% train_model
def train_model(model, x, y, epochs=5, **kwargs):
    options = {"batch_size": 16, "verbose": 0, "epochs": epochs} | kwargs
    return model.fit(x, y, **options)


# %% first_layer_weights
def first_layer_weights(model):
    kernels = {layer.name: layer.get_weights()[0] for layer in model.layers if layer.weights}
    first_name = list(kernels)[0]
    return kernels[first_name]


# %% weight_change
def weight_change(before, after):
    changes = {}
    for number, (b, a) in enumerate(zip(before, after)):
        changes[number] = float(np.amax(np.absolute(a - b)))
    return list(changes.values())
