# case: adadelta_acc_alias
# style: Adadelta(1.0) as the text allows, the metric by its short alias "acc", LambdaCallback that prints

# %% compile_model
def compile_model(model):
    opt = keras.optimizers.Adadelta(1.0)
    model.compile(loss="sparse_categorical_crossentropy", metrics=["acc"], optimizer=opt)
    return model

# %% train_model
def train_model(model, x, y, epochs=5):
    show = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: print(f"epoch {epoch + 1}: loss {logs['loss']:.4f}")
    )
    return model.fit(x, y, batch_size=16, epochs=epochs, verbose=0, callbacks=[show])

# %% first_layer_weights
def first_layer_weights(model):
    import copy

    for layer in model.layers:
        try:
            kernel = layer.get_weights()[0]
        except IndexError:
            continue
        return copy.deepcopy(kernel)

# %% weight_change
def weight_change(before, after):
    differences = [np.asarray(a) - np.asarray(b) for a, b in zip(after, before)]
    return [float(np.sqrt(np.square(d.astype("float64")).max())) for d in differences]
