# case: one_hot_labels_in_fit
# style: categorical cross-entropy, and train_model turns the labels into one-hot rows to make it run
# fails: compile_loss_fits_labels
# may: compile_reports_accuracy, accuracy_passes, loss_goes_down, every_weight_changes, fit_returns_history, fit_runs_every_epoch
# borderline: training itself works; only the compiled model does not fit integer labels, as model.evaluate(x, y) shows
# says: the compiled loss must take the class numbers themselves; categorical cross-entropy needs one-hot labels, the sparse one does not

# %% compile_model
def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.01),
        loss="categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model

# %% train_model
def train_model(model, x, y, epochs=5):
    y_one_hot = keras.utils.to_categorical(y, num_classes=2)
    return model.fit(x, y_one_hot, epochs=epochs, batch_size=16, verbose=0)

# %% first_layer_weights
def first_layer_weights(model):
    for layer in model.layers:
        if layer.weights:
            return layer.get_weights()[0].copy()

# %% weight_change
def weight_change(before, after):
    return [float(np.max(np.abs(a - b))) for b, a in zip(before, after)]
