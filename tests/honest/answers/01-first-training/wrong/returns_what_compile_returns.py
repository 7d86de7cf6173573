# case: returns_what_compile_returns
# style: return model.compile(...), which is None
# fails: compile_sets_optimizer
# may: compile_loss_fits_labels, compile_reports_accuracy, loss_goes_down, every_weight_changes, accuracy_passes, fit_returns_history, fit_runs_every_epoch
# borderline: the model is compiled all the same and the notebook never uses what is returned; but "the same model" should be returned
# says: model.compile changes the model and returns None; compile on one line and return model on the next

# %% compile_model
def compile_model(model):
    return model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.01),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )

# %% train_model
def train_model(model, x, y, epochs=5):
    return model.fit(x, y, epochs=epochs, batch_size=16, verbose=0)

# %% first_layer_weights
def first_layer_weights(model):
    return model.get_weights()[0].copy()

# %% weight_change
def weight_change(before, after):
    return [float(np.max(np.abs(a - b))) for b, a in zip(before, after)]
