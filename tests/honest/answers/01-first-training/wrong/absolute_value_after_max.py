# case: absolute_value_after_max
# style: abs is taken of the maximum instead of of each change, so large falls are missed
# fails: weight_change_is_measured
# says: take the absolute value first and the maximum then; otherwise a change of -0.5 is lost beside one of +0.1

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
    return model.fit(x, y, epochs=epochs, batch_size=16, verbose=0)

# %% first_layer_weights
def first_layer_weights(model):
    return model.get_weights()[0].copy()

# %% weight_change
def weight_change(before, after):
    return [float(abs((a - b).max())) for b, a in zip(before, after)]
