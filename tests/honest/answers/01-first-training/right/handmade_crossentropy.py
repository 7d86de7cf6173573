# case: handmade_crossentropy
# style: the loss is the student's own function: one_hot and categorical cross-entropy
# borderline: not Keras's sparse loss itself, but the same numbers from the same integer labels

# %% compile_model
def cross_entropy(y_true, y_pred):
    labels = keras.ops.cast(keras.ops.reshape(y_true, (-1,)), "int32")
    one_hot = keras.ops.one_hot(labels, 2)
    return keras.losses.categorical_crossentropy(one_hot, y_pred)


def compile_model(model):
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss=cross_entropy, metrics=["accuracy"])
    return model


# %% train_model
def train_model(model, x, y, epochs=5):
    history = model.fit(x, y, epochs=epochs, batch_size=16, verbose=0)
    print("final loss", history.history["loss"][-1])
    return history


# %% first_layer_weights
def first_layer_weights(model):
    return next(filter(lambda l: l.weights, model.layers)).get_weights()[0]


# %% weight_change
def weight_change(before, after):
    changes = []
    for b, a in zip(before, after):
        d = (a - b).ravel()
        changes.append(float(np.abs(d[np.argmax(np.abs(d))])))
    return changes
