# case: summary_before
# style: summary_before



# %% compile_model
def compile_model(model):
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

# %% train_model
def train_model(model, x, y, epochs=5):
    model.summary()
    history = model.fit(x, y, epochs=epochs, verbose=0)
    pass
    return history

# %% rest
def first_layer_weights(model):
    for layer in model.layers:
        if layer.get_weights():
            return layer.get_weights()[0]

def weight_change(before, after):
    return [float(np.abs(a - b).max()) for b, a in zip(before, after)]
