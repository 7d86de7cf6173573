# case: history_of_last_epoch_only
# style: a loop that calls fit once for each epoch and returns the last History
# fails: fit_runs_every_epoch
# may: fit_returns_history, loss_goes_down
# borderline: the training is complete; only the record covers one epoch
# says: each call of fit makes a new History, so only the last epoch is recorded; call fit once with epochs=epochs

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
    for epoch in range(epochs):
        print("Epoch", epoch + 1)
        history = model.fit(x, y, batch_size=16, epochs=1, verbose=0)
    return history

# %% first_layer_weights
def first_layer_weights(model):
    return model.get_weights()[0].copy()

# %% weight_change
def weight_change(before, after):
    changes = []
    for i in range(len(before)):
        changes.append(float(np.abs(after[i] - before[i]).max()))
    return changes
