# case: beginner_long_prints
# style: a beginner: many temporary variables, prints, index loops, copies the kernel number by number

# %% compile_model
def compile_model(model):
    my_optimizer = "sgd"
    my_loss = "sparse_categorical_crossentropy"
    my_metrics = []
    my_metrics.append("accuracy")
    print("compiling the model with", my_optimizer)
    model.compile(optimizer=my_optimizer, loss=my_loss, metrics=my_metrics)
    return model

# %% train_model
def train_model(model, x, y, epochs=5):
    print("x has shape", x.shape)
    print("y has shape", y.shape)
    number_of_epochs = epochs
    history = model.fit(x, y, epochs=number_of_epochs, verbose=1)
    print("finished training")
    last_loss = history.history["loss"][-1]
    print("last loss:", last_loss)
    return history

# %% first_layer_weights
def first_layer_weights(model):
    found = False
    i = 0
    kernel = None
    while found == False:
        layer = model.layers[i]
        w = layer.get_weights()
        if len(w) > 0:
            kernel = w[0]
            found = True
        i = i + 1
    rows = kernel.shape[0]
    columns = kernel.shape[1]
    result = np.zeros((rows, columns))
    for r in range(rows):
        for c in range(columns):
            result[r, c] = kernel[r, c]
    return result

# %% weight_change
def weight_change(before, after):
    result = []
    for i in range(len(before)):
        old = before[i]
        new = after[i]
        difference = new - old
        print("array", i, "difference", difference)
        without_sign = np.abs(difference)
        biggest = np.max(without_sign)
        biggest = float(biggest)
        result.append(biggest)
    return result
