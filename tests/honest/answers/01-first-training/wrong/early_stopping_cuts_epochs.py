# case: early_stopping_cuts_epochs
# style: EarlyStopping from a tutorial ends the training before all epochs are done
# fails: fit_runs_every_epoch
# may: loss_goes_down, accuracy_passes
# says: the training stopped before the given number of epochs; leave out EarlyStopping

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
    stop = keras.callbacks.EarlyStopping(
        monitor="loss", min_delta=0.05, patience=1, restore_best_weights=True
    )
    return model.fit(x, y, batch_size=16, epochs=epochs, callbacks=[stop], verbose=0)

# %% first_layer_weights
def first_layer_weights(model):
    return model.get_weights()[0].copy()

# %% weight_change
def weight_change(before, after):
    return [float(np.max(np.abs(a - b))) for b, a in zip(before, after)]
