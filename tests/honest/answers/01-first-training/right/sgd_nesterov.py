# case: sgd_nesterov
# style: SGD with Nesterov momentum and a small learning rate; get_weights()[0] of the whole model

# %% compile_model
def compile_model(model):
    sgd = keras.optimizers.SGD(learning_rate=0.002, momentum=0.9, nesterov=True)
    model.compile(optimizer=sgd, loss="sparse_categorical_crossentropy", metrics=["acc"])
    return model


# %% train_model
def train_model(model, x, y, epochs=5):
    return model.fit(x=x, y=y, batch_size=16, epochs=epochs, shuffle=True, verbose=0)


# %% first_layer_weights
def first_layer_weights(model):
    # The list starts with the kernel of the first layer that has any weights.
    return model.get_weights()[0].copy()


# %% weight_change
def weight_change(before, after):
    return [float(np.abs(a - b).max()) for b, a in zip(before, after)]
