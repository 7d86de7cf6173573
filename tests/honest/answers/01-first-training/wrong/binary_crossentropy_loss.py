# case: binary_crossentropy_loss
# style: two classes, so the student takes the binary loss, although softmax has two outputs
# fails: compile_loss_fits_labels
# may: compile_reports_accuracy, loss_goes_down, every_weight_changes, accuracy_passes, fit_returns_history, fit_runs_every_epoch
# says: binary cross-entropy is for one sigmoid output; this model has two softmax outputs and integer labels, so use sparse categorical cross-entropy

# %% compile_model
def compile_model(model):
    # 0 or 1 -> binary classification
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.01),
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )
    return model

# %% train_model
def train_model(model, x, y, epochs=5):
    history = model.fit(x, y, epochs=epochs, batch_size=16)
    return history

# %% first_layer_weights
def first_layer_weights(model):
    weighted = [layer for layer in model.layers if layer.get_weights()]
    kernel = weighted[0].get_weights()[0]
    return np.array(kernel)

# %% weight_change
def weight_change(before, after):
    changes = []
    for i in range(len(before)):
        changes.append(float(np.abs(after[i] - before[i]).max()))
    return changes
