# case: accuracy_class_compares_exactly
# style: keras.metrics.Accuracy() instead of the string; it compares labels with probabilities
# fails: compile_reports_accuracy
# may: compile_sets_optimizer, compile_loss_fits_labels, loss_goes_down, every_weight_changes, accuracy_passes, fit_returns_history, fit_runs_every_epoch
# says: keras.metrics.Accuracy() checks whether the outputs equal the labels exactly; for class numbers and probabilities use "accuracy" or SparseCategoricalAccuracy

# %% compile_model
def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.01),
        loss=keras.losses.SparseCategoricalCrossentropy(),
        metrics=[keras.metrics.Accuracy()],
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
            return layer.get_weights()[0].copy()

# %% weight_change
def weight_change(before, after):
    changes = []
    for i in range(len(before)):
        changes.append(float(np.abs(after[i] - before[i]).max()))
    return changes
