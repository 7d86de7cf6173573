# case: equal_class_weights
# style: balanced class weights computed from the labels are given to fit; Adamax

# %% compile_model
def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.Adamax(learning_rate=0.02),
        loss="sparse_categorical_crossentropy",
        metrics=["sparse_categorical_accuracy"],
    )
    return model


# %% train_model
def train_model(model, x, y, epochs=5):
    counts = np.bincount(y, minlength=2)
    class_weight = {c: len(y) / (2.0 * max(int(counts[c]), 1)) for c in (0, 1)}
    return model.fit(
        x, y, epochs=epochs, batch_size=16, class_weight=class_weight, verbose=0
    )


# %% first_layer_weights
def first_layer_weights(model):
    found = None
    for layer in reversed(model.layers):
        if layer.count_params() > 0:
            found = layer
    return found.get_weights()[0]


# %% weight_change
def weight_change(before, after):
    result = [0.0] * len(before)
    for i, (b, a) in enumerate(zip(before, after)):
        for change in (a - b).flat:
            result[i] = max(result[i], abs(float(change)))
    return result
