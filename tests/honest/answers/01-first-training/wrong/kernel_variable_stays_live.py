# case: kernel_variable_stays_live
# style: returns layer.kernel, the Keras variable, which training changes
# fails: first_layer_weights_are_read
# says: layer.kernel is the variable itself and changes in training; return a NumPy copy, such as get_weights()[0]

# %% compile_model
def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.Nadam(learning_rate=0.01),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=False),
        metrics=[keras.metrics.SparseCategoricalAccuracy(name="accuracy")],
    )
    return model

# %% train_model
def train_model(model, x, y, epochs=5):
    history = model.fit(x, y, epochs=epochs, batch_size=16)
    return history

# %% first_layer_weights
def first_layer_weights(model):
    for layer in model.layers:
        if layer.weights:
            return layer.kernel

# %% weight_change
def weight_change(before, after):
    changes = []
    for i in range(len(before)):
        changes.append(float(np.abs(after[i] - before[i]).max()))
    return changes
